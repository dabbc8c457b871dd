"""What a field of each type looks like in every layer: one class for each type."""

import json
import re
from typing import ClassVar

from .names import Refused, camel
from .project import Table

INTEGERS = (-(2**31), 2**31 - 1)  # Of an integer column.
MAX_STRING, MAX_TEXT = 10_000, 1_000_000
MAX_DIGITS, MAX_PLACES = 15, 6  # SQLite keeps 15; more places would be written with an exponent.
ID = "0192abcd-0000-7000-8000-000000000000"
NO_NUL = r"pattern: '^[^\x00]*$'"


class Field:
    """`inside` is what stands in the parentheses, None without them.

    `samples` are two values in JSON, as Python writes them, and `wrong` are values that are refused.
    """

    kind: ClassVar[str]
    python: ClassVar[str]  # The type of the column and of the response.
    is_filter: ClassVar[bool] = False
    may_be_unique: ClassVar[bool] = False
    may_have_default: ClassVar[bool] = True

    rule = ""  # Behind the name of a type in schemas.py, if the type of a request has one.
    request = ""  # The type of a request otherwise.
    column_type: str  # Of SQLAlchemy; empty where the annotation says it all.
    migration_type: str
    django: str
    contract: str  # Of a request.
    contract_read: str
    samples: tuple[str, str]
    wrong: tuple[str, ...]

    stored: tuple[str, str] | None = None  # The samples as a statement of SQL has them, and the query of a list,
    query: tuple[str, str] | None = None  # where these differ.
    unique_sample = ""  # In a factory of the tests, which counts `numbers`.

    def __init__(self, name: str, inside: str | None, *, optional: bool, unique: bool, default: str | None) -> None:
        self.name = self.column = name
        self.word = f"{name}:{self.kind}" + (f"({inside})" if inside is not None else "")
        self.optional = optional
        self.unique = unique
        if unique and not self.may_be_unique:
            raise Refused(f"{self.word}!unique: only str and int can be unique.")
        if unique and default is not None:
            raise Refused(f"{self.word}!unique={default}: the default could be taken only once.")
        if default is not None and not self.may_have_default:
            raise Refused(f"{self.word}={default}: {self.kind} has no default. Make it optional with ?.")
        self.understand(inside)
        self.stored, self.query = self.stored or self.samples, self.query or self.samples
        self.default = None if default is None else self.read_default(default)
        self.default_json = _python(self.default)  # In a response, as Python writes it.
        self.is_required = not optional and default is None  # In the body that creates one,
        self.is_given = self.is_required or unique  # and in those of the tests.
        self.changed = next(sample for sample in reversed(self.samples) if sample != self.default_json)
        self.all_wrong = self.wrong if optional else ("None", *self.wrong)
        self.annotation = f"Mapped[{self.python}{' | None' if optional else ''}]"
        said = "" if default is None else f", default: {yaml_word(self.default)}"
        self.contract_new, self.contract_change, self.contract_response = map(
            self._nullable, (self.contract + said, self.contract, self.contract_read)
        )

    def understand(self, inside: str | None) -> None:
        if inside is not None:
            raise Refused(f"{self.word}: {self.kind} has no parentheses.")

    def read_default(self, text: str) -> object:
        raise NotImplementedError

    def refuse_default(self, text: str, need: str) -> Refused:
        return Refused(f"{self.word}={text}: the default has to be {need}.")

    def type_name(self, resource: str) -> str:
        """What schemas.py calls the type of the field in a request."""
        return f"{resource}{camel(self.name)}" if self.rule else self.request

    def filter_type(self, resource: str) -> str:
        return self.type_name(resource)

    def read_type(self, resource: str) -> str:
        return self.python

    def default_code(self, resource: str) -> str:
        return self.default_json

    def new(self, resource: str) -> str:
        kind = self.type_name(resource)
        if self.optional:
            return f"{kind} | None = None"
        return kind if self.default is None else f"{kind} = {self.default_code(resource)}"

    def change(self, resource: str) -> str:
        return f"{self.type_name(resource)} | MISSING{' | None' if self.optional else ''} = NOT_SENT"

    def read(self, resource: str) -> str:
        return self.read_type(resource) + (" | None" if self.optional else "")

    def _nullable(self, contract: str) -> str:
        return f'{{anyOf: [{{{contract}}}, {{type: "null"}}]}}' if self.optional else f"{{{contract}}}"

    def mapped_column(self, more: str = "") -> str:
        """The column in a model of SQLAlchemy."""
        arguments = ", ".join(filter(None, [self.column_type, more]))
        return f"{self.annotation} = mapped_column({arguments})" if arguments else self.annotation

    def django_field(self, more: str = "") -> str:
        """The field in a model of Django, and in its migration."""
        kind, _, inside = self.django.partition("(")
        arguments = [inside.removesuffix(")"), "null=True" if self.optional else "", more]
        return f"models.{kind}({', '.join(filter(None, arguments))})"


class Str(Field):
    kind, python = "str", "str"
    may_be_unique = True
    contract_read = "type: string"

    def understand(self, inside: str | None) -> None:
        match = re.fullmatch(r"(?:(\d{1,5})\.\.)?(\d{1,5})", inside or "", re.ASCII)
        if match is None:
            raise Refused(f"{self.word}: say how long it may be, as in str(200) or str(2..64).")
        least, most = int(match[1] or 1), int(match[2])
        if not (least <= most <= MAX_STRING and most > 0):
            raise Refused(f"{self.word}: the length goes from 0 to at most {MAX_STRING}, the smaller number first.")
        if self.unique and most < 4:
            raise Refused(f"{self.word}!unique: a unique text needs at least 4 characters.")
        self.column_type, self.migration_type = f"String({most})", f"sa.String({most})"
        self.django = f"CharField(max_length={most})"
        self.set_length(least, most)

    def set_length(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.rule = f"Annotated[str, Field({f'min_length={least}, ' if least else ''}max_length={most})]"
        self.contract = f"type: string, {f'minLength: {least}, ' if least else ''}maxLength: {most}, {NO_NUL}"
        texts = (self.name.replace("_", " ").capitalize(), "Another one")
        one, other = (text[:most].strip().ljust(least, "x") for text in texts)
        self.samples = json.dumps(one), json.dumps(other if other != one else f"{one[:-1]}Z")
        self.wrong = (*(['""'] if least else []), f'"x" * {most + 1}', '"\\0"', "1")
        number = "next(numbers)" if most >= 6 else f"next(numbers) % {10**most}"
        self.unique_sample = f'f"{{{number}:0{least}}}"' if least > 1 else f"str({number})"

    def read_default(self, text: str) -> object:
        if not self.least <= len(text) <= self.most or not text.isprintable():
            raise self.refuse_default(text, f"{self.least} to {self.most} printable characters")
        return text


class Text(Str):
    kind, may_be_unique, may_have_default = "text", False, False
    column_type, migration_type, django = "Text", "sa.Text()", "TextField()"

    def understand(self, inside: str | None) -> None:
        most = inside if inside is not None else "10000"
        if not re.fullmatch(r"[1-9]\d{0,6}", most, re.ASCII) or int(most) > MAX_TEXT:
            raise Refused(f"{self.word}: say how long it may be at most, as in text(5000), up to {MAX_TEXT}.")
        self.set_length(0, int(most))


class Int(Field):
    kind, python = "int", "int"
    may_be_unique = True
    column_type, migration_type, django = "", "sa.Integer()", "IntegerField()"
    contract_read = "type: integer"

    def understand(self, inside: str | None) -> None:
        match = re.fullmatch(r"(-?\d{1,10})?\.\.(-?\d{1,10})?", inside or "..", re.ASCII)
        if match is None or inside in {"", ".."}:
            raise Refused(f"{self.word}: say from where to where, as in (0..9) or (0..).")
        low, high = (int(end) if end else widest for end, widest in zip(match.groups(), INTEGERS, strict=True))
        if not INTEGERS[0] <= low < high <= INTEGERS[1]:
            raise Refused(f"{self.word}: the range is empty, or wider than {INTEGERS[0]} to {INTEGERS[1]}.")
        if self.unique and high - low < 99:
            raise Refused(f"{self.word}!unique: a unique number needs a range of at least 100.")
        self.low, self.high = low, high
        self.rule = f"Annotated[int, Field(ge={low}, le={high}), INTEGER]"
        self.contract = f"type: integer, minimum: {low}, maximum: {high}"
        first = min(max(low, 1), high)
        other = first + 1 if first < high else first - 1
        self.samples = str(first), str(high if self.unique else other)
        self.wrong = str(low - 1), str(high + 1), f'"{first}"', "True", "0.5"
        is_wide = low <= 1 and high > 10**6
        self.unique_sample = "next(numbers)" if is_wide else f"{low} + next(numbers) % {high - low}"

    def read_default(self, text: str) -> object:
        if not re.fullmatch(r"-?\d{1,10}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise self.refuse_default(text, f"a whole number from {self.low} to {self.high}")
        return int(text)


class Float(Field):
    kind, python = "float", "float"
    rule = "Annotated[float, Field(strict=True, allow_inf_nan=False)]"
    column_type, migration_type, django = "Double", "sa.Double()", "FloatField()"
    contract = contract_read = "type: number"
    samples = "0.25", "-1.5"
    wrong = '"0.5"', "True"

    def read_default(self, text: str) -> object:
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text, re.ASCII):
            raise self.refuse_default(text, "a number such as 0.5")
        return float(text)


class Decimal(Field):
    kind, python = "decimal", "Decimal"
    contract_read = "type: string"

    def understand(self, inside: str | None) -> None:
        match = re.fullmatch(r"(\d{1,2}),(\d{1,2})", inside or "", re.ASCII)
        digits, places = (int(match[1]), int(match[2])) if match else (0, 0)
        if not (1 <= places < digits <= MAX_DIGITS and places <= MAX_PLACES):
            raise Refused(f"{self.word}: say digits and places, up to {MAX_DIGITS} and {MAX_PLACES}, as in (12,2).")
        self.places, whole = places, digits - places
        self.pattern = rf"-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?"
        self.rule = (
            f'Annotated[Decimal, written_as(r"{self.pattern}", Decimal),'
            f" AfterValidator(lambda value: round(value, {places}) + 0),"
            f' WithJsonSchema({{"type": "string", "pattern": r"^{self.pattern}$"}})]'
        )
        self.contract = f"type: string, pattern: '^{self.pattern}$'"
        self.column_type = f"Numeric({digits}, {places})"
        self.migration_type = f"sa.{self.column_type}"
        self.django = f"DecimalField(max_digits={digits}, decimal_places={places})"
        half = "5".ljust(places, "0")
        self.samples = f'"1.{half}"', f'"2.{half}"'
        self.wrong = f'"{"1" * (whole + 1)}"', f'"0.{"1" * (places + 1)}"', '"1e3"', "1.5"

    def read_type(self, resource: str) -> str:
        return 'Annotated[Decimal, WithJsonSchema({"type": "string"})]'

    def default_code(self, resource: str) -> str:
        return f'Decimal("{self.default}")'

    def read_default(self, text: str) -> object:
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise self.refuse_default(text, "a number such as 1.50, with as many digits as it may have")
        whole, _, fraction = text.partition(".")
        sign = "-" if whole.startswith("-") and float(text) else ""
        return f"{sign}{abs(int(whole))}.{fraction.ljust(self.places, '0')}"


class Bool(Field):
    kind, python = "bool", "bool"
    is_filter = True
    request = "StrictBool"
    column_type, migration_type, django = "", "sa.Boolean()", "BooleanField()"
    contract = contract_read = "type: boolean"
    samples = "True", "False"
    query = '"true"', '"false"'
    wrong = '"true"', "1"

    def filter_type(self, resource: str) -> str:
        return 'Annotated[bool, written_as("true|false", bool)]'

    def read_default(self, text: str) -> object:
        if text not in {"true", "false"}:
            raise self.refuse_default(text, "true or false")
        return text == "true"


class Date(Field):
    kind, python = "date", "date"
    is_filter, may_have_default = True, False
    request = "IsoDate"
    column_type, migration_type, django = "", "sa.Date()", "DateField()"
    contract = contract_read = "type: string, format: date"
    samples = '"2026-01-31"', '"2026-02-01"'
    wrong = '"2026-02-30"', '"2026-01-31T00:00:00Z"', "1767225600"


class DateTime(Field):
    kind, python = "datetime", "datetime"
    may_have_default = False
    request = "IsoDateTime"
    column_type, migration_type, django = "UtcDateTime", "sa.DateTime(timezone=True)", "DateTimeField()"
    contract = contract_read = "type: string, format: date-time"
    samples = '"2026-01-31T12:00:00Z"', '"2026-02-01T12:00:00Z"'
    stored = '"2026-01-31 12:00:00.000000"', '"2026-02-01 12:00:00.000000"'
    wrong = '"2026-01-31"', '"2026-01-31T12:00:00"', "1767225600", '"0001-01-01T00:00:00+01:00"'

    def read_type(self, resource: str) -> str:
        return "UtcDateTime"


class Enum(Field):
    kind, python = "enum", "str"
    is_filter = True
    wrong = '"unknown-to-all"', "1"

    def understand(self, inside: str | None) -> None:
        values = [value.strip() for value in (inside or "").split(",")]
        if not all(re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", value, re.ASCII) for value in values):
            raise Refused(f"{self.word}: values are lower-case words, as in enum(draft,done).")
        self.members = {value.replace("-", "_").upper(): value for value in values}
        if not 2 <= len(values) == len(self.members):
            raise Refused(f"{self.word}: an enum needs at least two different values, as in enum(draft,done).")
        length = max(20, *map(len, values))
        self.contract = self.contract_read = f"type: string, enum: [{', '.join(map(yaml_word, values))}]"
        self.column_type, self.migration_type = f"String({length})", f"sa.String({length})"
        self.django = f"CharField(max_length={length})"
        self.samples = json.dumps(values[0]), json.dumps(values[1])

    def type_name(self, resource: str) -> str:
        return f"{resource}{camel(self.name)}"

    def read_type(self, resource: str) -> str:
        return self.type_name(resource)

    def default_code(self, resource: str) -> str:
        [member] = [member for member, value in self.members.items() if value == self.default]
        return f"{self.type_name(resource)}.{member}"

    def read_default(self, text: str) -> object:
        if text not in self.members.values():
            raise self.refuse_default(text, f"one of {', '.join(self.members.values())}")
        return text


class Ref(Field):
    kind, python = "ref", "UUID"
    is_filter, may_have_default = True, False
    request = "UUID"
    contract = contract_read = "type: string, format: uuid"
    samples = f'"{ID}"', f'"{ID}"'
    wrong = '"x"', "1"

    target: Table  # Known when the project is.

    def understand(self, inside: str | None) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", inside or "", re.ASCII):
            raise Refused(f"{self.word}: say the table, as in ref(projects).")
        self.table = inside or ""
        self.column = f"{self.name}_id"


KINDS: dict[str, type[Field]] = {
    each.kind: each for each in (Str, Text, Int, Float, Decimal, Bool, Date, DateTime, Enum, Ref)
}


def _python(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def yaml_word(value: object) -> str:
    """A value in the flow style of YAML. Some words mean something else there."""
    plain = isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_-]*", value)
    words = {"y", "n", "yes", "no", "true", "false", "on", "off", "null"}
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0") + "0"  # Without an exponent, which YAML takes for text.
    return str(value) if plain and value not in words else json.dumps(value, ensure_ascii=False)
