"""Which names a resource and its fields can have."""

import re
from pathlib import Path

import yaml

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
# An index of a list is named after the table and its columns, and PostgreSQL cuts names off after 63 characters.
MAX_LENGTH = {"resource": 24, "field": 20}

_RESERVED = yaml.safe_load((Path(__file__).parent / "reserved.yaml").read_text("utf-8"))
RESERVED_FIELDS, RESERVED_TABLES = (set(_RESERVED[kind].split()) for kind in ("fields", "tables"))


class Refused(Exception):  # noqa: N818, not a fault of the code
    """Why nothing was written, in a sentence."""


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def plural_of(name: str) -> str:
    """Regular: a person would be persons."""
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"


def article(words: str) -> str:
    sounds_like_a_vowel = re.match(r"(?!uni|us[aeu]|eu|one\b)[aeiou]|hour|hon|heir", words)
    return f"{'an' if sounds_like_a_vowel else 'a'} {words}"
