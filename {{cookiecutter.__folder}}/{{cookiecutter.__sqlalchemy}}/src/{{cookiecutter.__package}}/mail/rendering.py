"""Renders the templates of mails with Jinja."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

PACKAGE = Path(__file__).parents[1]
_environment = Environment(
    loader=FileSystemLoader(PACKAGE), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
)


def render(template: str, **context: object) -> str:
    return _environment.get_template(template).render(context)
