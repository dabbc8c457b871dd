"""Renders the templates of mails with Jinja."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE = Path(__file__).parents[1]


def render(template: str, **context: object) -> str:
    return _environment().get_template(template).render(context)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # Only mails need it.

    return Environment(
        loader=FileSystemLoader(PACKAGE), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
    )
