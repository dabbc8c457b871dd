"""Renders the templates of mails with Django's engine."""

from pathlib import Path

from django.template import Engine

PACKAGE = Path(__file__).parents[1]
_engines = {suffix: Engine([str(PACKAGE)], autoescape=suffix == ".html") for suffix in (".txt", ".html")}


def render(template: str, **context: object) -> str:
    return _engines[Path(template).suffix].render_to_string(template, context)
