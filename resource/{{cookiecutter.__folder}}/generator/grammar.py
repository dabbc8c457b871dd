"""The grammar of fields: `title:str(200) body:text? status:enum(draft,done)=draft`."""

import re
from keyword import iskeyword

from .fields import KINDS, Field
from .names import MAX_LENGTH, NAME, RESERVED_FIELDS, Refused

HELP = """\
A field is name:type, and then ? if it may be null, !unique, or =default:
  str(200) str(2..64)           text of a length         text text(5000)       long text, may be empty
  int int(0..) int(0..9)        32 bits                  float float(0..1)
  decimal(12,2)                 exact, text in JSON      bool
  date datetime                 ISO 8601                 enum(draft,done)      one of these
  ref(projects)                 a row of projects
Lists can be filtered by enum, bool, date and ref. Blanks separate fields:
  title:str(200) body:text? done:bool=false status:enum(draft,done)=draft project:ref(projects)? sku:str(64)!unique"""

WORDS = re.compile(r"(?:[^\s()]|\([^()]*\)?)+|\)")
FIELD = re.compile(r"(\w*):(\w*)(?:\(([^()]*)\))?(\?)?(!unique)?(?:=(.*))?", re.ASCII)
MAX_FIELDS = 40


def parse(text: str) -> list[Field]:
    """Raises Refused, with a sentence that names the field."""
    words = WORDS.findall(text)
    if not words:
        raise Refused("A resource needs at least one field.")
    if len(words) > MAX_FIELDS:
        raise Refused(f"A resource can have {MAX_FIELDS} fields, not {len(words)}.")
    fields = [_field(word) for word in words]
    columns = [field.column for field in fields]
    for column in columns:
        if columns.count(column) > 1:
            raise Refused(f"{column}: there are two of this name.")
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
        raise Refused(f"{word}: a name is words of lower-case letters and digits joined by _, at most {limit} long.")
    if iskeyword(name) or name in RESERVED_FIELDS:
        raise Refused(f"{word}: {name} has a meaning of its own in Python, the ORMs or a resource. Choose another name.")
    if kind not in KINDS:
        raise Refused(f"{word}: there is no type {kind or 'without a name'}, only {', '.join(KINDS)}.")
    if optional and default is not None:
        raise Refused(f"{word}: either ? or a default, not both.")
    return KINDS[kind](name, inside, optional=bool(optional), unique=bool(unique), default=default)
