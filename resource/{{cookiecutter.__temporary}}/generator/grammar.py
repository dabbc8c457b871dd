"""The grammar of fields: `title:str(200) body:text? status:enum(draft,done)=draft`."""

import re
from keyword import iskeyword
from pathlib import Path

from .fields import KINDS, Field
from .names import MAX_LENGTH, NAME, RESERVED_FIELDS, Refused, camel

HELP = (Path(__file__).parent / "help.txt").read_text("utf-8")
WORDS = re.compile(r"(?:[^\s()]|\([^()]*\)?)+|\)")
FIELD = re.compile(r"(\w*):(\w*)(?:\(([^()]*)\))?(\?)?(!unique)?(?:=(.*))?", re.ASCII)
MAX_FIELDS = 40


def parse(text: str) -> list[Field]:
    """Raises Refused, with a sentence that names the field."""
    words = WORDS.findall(text)
    if not words:
        raise Refused("fields: a resource needs at least one field.")
    if len(words) > MAX_FIELDS:
        raise Refused(f"A resource can have {MAX_FIELDS} fields, not {len(words)}.")
    fields = [_field(word) for word in words]
    names = [name for field in fields for name in dict.fromkeys([field.name, field.column, camel(field.name)])]
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{name}: there are two fields of this name.")
    unique = [field for field in fields if field.unique]
    if len(unique) > 1:
        raise Refused(f"{unique[1].name}: only one field can be unique. Add another constraint by hand afterwards.")
    if all(field.kind == "ref" for field in fields):
        raise Refused("A resource needs at least one field that is not a ref.")
    return fields


def _field(word: str) -> Field:
    match = FIELD.fullmatch(word)
    if match is None:
        raise Refused(f"{word}: write name:type, as in title:str(200) or body:text?.")
    name, kind, inside, optional, unique, default = match.groups()
    if not NAME.fullmatch(name) or len(name) > MAX_LENGTH["field"]:
        limit = MAX_LENGTH["field"]
        raise Refused(f"{word}: a name is lower-case words and digits joined by _, at most {limit} long.")
    if iskeyword(name) or name in RESERVED_FIELDS:
        raise Refused(f"{word}: this name is taken in Python, pydantic, an ORM or every resource.")
    if kind not in KINDS:
        raise Refused(f"{word}: its type has to be one of {', '.join(KINDS)}.")
    if optional and default is not None:
        raise Refused(f"{word}: either ? or a default, not both.")
    return KINDS[kind](name, inside, optional=bool(optional), unique=bool(unique), default=default)
