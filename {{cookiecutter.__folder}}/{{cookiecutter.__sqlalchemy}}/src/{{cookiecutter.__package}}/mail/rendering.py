"""Renders the templates of mails with Jinja."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..features import FEATURES

PACKAGE = Path(__file__).parents[1]
_environment = Environment(
    loader=FileSystemLoader(PACKAGE), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
)


def render(template: str, **context: object) -> str:
    return _environment.get_template(template).render(context)


def templates() -> list[str]:
    found = [path for feature in FEATURES for path in sorted((PACKAGE / feature / "mails").glob("*.txt"))]
    return [path.relative_to(PACKAGE).as_posix() for path in found]
