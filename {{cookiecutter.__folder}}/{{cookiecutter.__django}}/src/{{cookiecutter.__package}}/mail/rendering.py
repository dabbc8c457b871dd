"""Renders the templates of mails with Django's engine."""

from pathlib import Path

from django.template import Engine

from ..features import FEATURES

PACKAGE = Path(__file__).parents[1]
_engines = {suffix: Engine([str(PACKAGE)], autoescape=suffix == ".html") for suffix in (".txt", ".html")}


def render(template: str, **context: object) -> str:
    return _engines[Path(template).suffix].render_to_string(template, context)


def templates() -> list[str]:
    found = [path for feature in FEATURES for path in sorted((PACKAGE / feature / "mails").glob("*.txt"))]
    return [path.relative_to(PACKAGE).as_posix() for path in found]
