"""What a field of each type looks like in every layer: one class for each type."""

import json
import re
from typing import ClassVar

from .names import Refused, camel

COLUMN_RANGE = (-(2**31), 2**31 - 1)
MAX_STRING, MAX_TEXT, MAX_DIGITS = 10_000, 1_000_000, 15
ID = "0192abcd-0000-7000-8000-000000000000"
NO_NUL = r"pattern: '^[^\x00]*$'"


class Field:
    """`inside` is what stands in the parentheses, None without them. Texts are Python or YAML.

    `samples` are two different values in JSON, as Python writes them, and `wrong` are values that are refused.
    """

    kind: ClassVar[str]
    python: ClassVar[str]  # The type of the column and of the response.
    is_filter: ClassVar[bool] = False
    may_be_unique: ClassVar[bool] = False
    may_have_default: ClassVar[bool] = True

    column_type: str  # Of SQLAlchemy; empty where the annotation says it all.
    migration_type: str
    django: str
    rule: str = ""  # Behind the name of a type in schemas.py.
    contract: str  # What a request may send.
    contract_read: str
    samples: tuple[str, str]
    wrong: tuple[str, ...]

    def __init__(self, name: str, inside: str | None, *, optional: bool, unique: bool, default: str | None) -> None:
        self.name = name
        self.word = f"{name}:{self.kind}" + (f"({inside})" if inside is not None else "")
        self.optional = optional
        self.unique = unique
        if unique and not self.may_be_unique:
            raise Refused(f"{self.word}!unique: only str and int can be unique.")
        if unique and default is not None:
            raise Refused(f"{self.word}!unique={default}: a second row could not have the same default.")
        if default is not None and not self.may_have_default:
            raise Refused(f"{self.word}={default}: {self.kind} has no default. Make it optional with ?.")
        self.understand(inside)
        self.default = None if default is None else self.read_default(default)

    def understand(self, inside: str | None) -> None:
        if inside is not None:
            raise Refused(f"{self.word}: {self.kind} has no parentheses.")

    def read_default(self, text: str) -> object:
        raise NotImplementedError

    @property
    def column(self) -> str:
        return self.name

    @property
    def is_required(self) -> bool:
        """In the body that creates one."""
        return not self.optional and self.default is None

    def type_name(self, resource: str) -> str:
        """What schemas.py calls the type of the field in a request."""
        return f"{resource}{camel(self.name)}" if self.rule else self.python

    def new(self, resource: str) -> str:
        kind = self.type_name(resource)
        if self.optional:
            return f"{kind} | None = None"
        return kind if self.default is None else f"{kind} = {self.default_code(resource)}"

    def change(self, resource: str) -> str:
        return f"{self.type_name(resource)} | MISSING{' | None' if self.optional else ''} = NOT_SENT"

    def read(self, resource: str) -> str:
        return self.python + (" | None" if self.optional else "")

    def default_code(self, resource: str) -> str:
        return json.dumps(self.default) if isinstance(self.default, str) else repr(self.default)

    @property
    def default_json(self) -> str:
        """The default in a response, as Python writes it."""
        return self.default_code("")

    @property
    def contract_new(self) -> str:
        if self.optional:
            return f"{{{_nullable(self.contract)}}}"
        return f"{{{self.contract}{'' if self.default is None else f', default: {yaml_word(self.default)}'}}}"

    @property
    def contract_change(self) -> str:
        return f"{{{_nullable(self.contract) if self.optional else self.contract}}}"

    @property
    def contract_response(self) -> str:
        return f"{{{_nullable(self.contract_read) if self.optional else self.contract_read}}}"

    @property
    def annotation(self) -> str:
        return f"Mapped[{self.python}{' | None' if self.optional else ''}]"

    @property
    def mapped(self) -> str:
        """The column in a model of SQLAlchemy."""
        return f"{self.annotation} = mapped_column({self.column_type})" if self.column_type else self.annotation

    @property
    def django_field(self) -> str:
        """The field in a model of Django, and in its migration."""
        inside = ", ".join(filter(None, [self.django.partition("(")[2][:-1], "null=True" if self.optional else ""]))
        return f"models.{self.django.partition('(')[0]}({inside})"

    @property
    def changed(self) -> str:
        """A value that differs from the one of a new row."""
        return self.samples[0] if self.default is not None and self.samples[1] == self.default_json else self.samples[1]

    @property
    def stored(self) -> tuple[str, str]:
        """Both samples as the column has them."""
        return self.samples

    @property
    def query(self) -> tuple[str, str]:
        """Both samples in the query of a list."""
        return self.samples

    @property
    def all_wrong(self) -> tuple[str, ...]:
        return self.wrong if self.optional else ("None", *self.wrong)


class Str(Field):
    kind = "str"
    python = "str"
    may_be_unique = True
    contract_read = "type: string"

    def understand(self, inside: str | None) -> None:
        match = re.fullmatch(r"(?:(\d+)\.\.)?(\d+)", inside or "", re.ASCII)
        if match is None:
            raise Refused(f"{self.word}: say how long it may be, as in str(200) or str(2..64).")
        self.least, self.most = int(match[1] or 1), int(match[2])
        if not self.least <= self.most <= MAX_STRING or self.most == 0:
            raise Refused(f"{self.word}: the length goes from at least 0 to at most {MAX_STRING}, the smaller one first.")
        if self.unique and self.most < 2:
            raise Refused(f"{self.word}!unique: a unique text needs at least 2 characters.")
        self.rule = f"Annotated[str, Field({f'min_length={self.least}, ' if self.least else ''}max_length={self.most})]"
        least = f"minLength: {self.least}, " if self.least else ""
        self.contract = f"type: string, {least}maxLength: {self.most}, {NO_NUL}"
        self.column_type, self.migration_type = f"String({self.most})", f"sa.String({self.most})"
        self.django = f"CharField(max_length={self.most})"
        self.samples = self._sample(self.name.replace("_", " ").capitalize()), self._sample("Another one")
        self.wrong = (*(['""'] if self.least else []), f'"x" * {self.most + 1}', '"\\0"', "1")

    def _sample(self, text: str) -> str:
        return json.dumps(text[: self.most].strip().ljust(self.least, "x"))

    @property
    def unique_sample(self) -> str:
        """In a factory of the tests, which counts `numbers`."""
        number = "next(numbers)" if self.most >= 6 else f"next(numbers) % {10**self.most}"
        return f'f"{{{number}:0{self.least}}}"' if self.least > 1 else f"str({number})"

    def read_default(self, text: str) -> object:
        if not self.least <= len(text) <= self.most or not text.isprintable():
            raise Refused(f"{self.word}={text}: the default needs {self.least} to {self.most} printable characters.")
        return text


class Text(Str):
    kind = "text"
    may_be_unique = False
    may_have_default = False

    def understand(self, inside: str | None) -> None:
        if not re.fullmatch(r"[1-9]\d{0,6}", inside or "10000", re.ASCII) or int(inside or 1) > MAX_TEXT:
            raise Refused(f"{self.word}: say at most how long it may be, as in text(5000), up to {MAX_TEXT}.")
        self.least, self.most = 0, int(inside or 10_000)
        self.rule = f"Annotated[str, Field(max_length={self.most})]"
        self.contract = f"type: string, maxLength: {self.most}, {NO_NUL}"
        self.column_type, self.migration_type, self.django = "Text", "sa.Text()", "TextField()"
        self.samples = self._sample(self.name.replace("_", " ").capitalize()), '""'
        self.wrong = (f'"x" * {self.most + 1}', '"\\0"', "1")


class Int(Field):
    kind = "int"
    python = "int"
    may_be_unique = True
    column_type, migration_type, django = "", "sa.Integer()", "IntegerField()"
    contract_read = "type: integer"

    def understand(self, inside: str | None) -> None:
        self.least, self.most = _range(self.word, inside, COLUMN_RANGE)
        if self.unique and self.most - self.least < 99:
            raise Refused(f"{self.word}!unique: a unique number needs a range of at least 100.")
        self.rule = f"Annotated[int, Field(ge={self.least}, le={self.most}), INTEGER]"
        self.contract = f"type: integer, minimum: {self.least}, maximum: {self.most}"
        first = min(max(self.least, 1), self.most)
        self.samples = str(first), str(first + 1 if first < self.most else first - 1)
        self.wrong = str(self.least - 1), str(self.most + 1), f'"{first}"', "True", "0.5"

    @property
    def unique_sample(self) -> str:
        least = f"{self.least} + " if self.least else ""
        return f"{least}next(numbers)" if self.most - self.least > 10**6 else f"{least}next(numbers) % {self.most - self.least + 1}"

    def read_default(self, text: str) -> object:
        if not re.fullmatch(r"-?\d{1,10}", text, re.ASCII) or not self.least <= int(text) <= self.most:
            raise Refused(f"{self.word}={text}: the default is a whole number from {self.least} to {self.most}.")
        return int(text)


class Float(Field):
    kind = "float"
    python = "float"
    column_type, migration_type, django = "Double", "sa.Double()", "FloatField()"
    contract_read = "type: number"

    def understand(self, inside: str | None) -> None:
        self.least, self.most = _range(self.word, inside, (None, None)) if inside is not None else (None, None)
        bounds = {"ge": self.least, "le": self.most}
        given = "".join(f"{name}={value}, " for name, value in bounds.items() if value is not None)
        self.rule = f"Annotated[float, Field({given}strict=True, allow_inf_nan=False)]"
        named = {"minimum": self.least, "maximum": self.most}
        self.contract = "type: number" + "".join(f", {key}: {value}" for key, value in named.items() if value is not None)
        low = self.least if self.least is not None else (self.most or 1) - 1
        high = self.most if self.most is not None else low + 1
        self.samples = str(low + (high - low) / 4), str(low + (high - low) / 2)
        beyond = [str(bound) for bound in ((self.least or 0) - 1, (self.most or 0) + 1)]
        self.wrong = (
            *(beyond[:1] if self.least is not None else []),
            *(beyond[1:] if self.most is not None else []),
            '"0.5"',
            "True",
        )

    def read_default(self, text: str) -> object:
        low, high = (bound if bound is not None else None for bound in (self.least, self.most))
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
            raise Refused(f"{self.word}={text}: the default is a number, as in 0.5.")
        if (low is not None and float(text) < low) or (high is not None and float(text) > high):
            raise Refused(f"{self.word}={text}: the default is out of its range.")
        return float(text)


class Decimal(Field):
    kind = "decimal"
    python = "Decimal"
    contract_read = "type: string"

    def understand(self, inside: str | None) -> None:
        match = re.fullmatch(r"(\d{1,2}),(\d{1,2})", inside or "", re.ASCII)
        self.digits, self.places = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= self.places < self.digits <= MAX_DIGITS:
            raise Refused(
                f"{self.word}: say how many digits and how many of them behind the point, as in decimal(12,2), up to"
                f" {MAX_DIGITS} digits."
            )
        self.pattern = rf"-?[0-9]{{1,{self.digits - self.places}}}(\.[0-9]{{1,{self.places}}})?"
        self.rule = (
            f'Annotated[Decimal, written_as(r"{self.pattern}"), AfterValidator(lambda value: round(value, {self.places})'
            f' + 0), WithJsonSchema({{"type": "string", "pattern": r"^{self.pattern}$"}})]'
        )
        self.contract = f"type: string, pattern: '^{self.pattern}$'"
        self.column_type = f"Numeric({self.digits}, {self.places})"
        self.migration_type = f"sa.{self.column_type}"
        self.django = f"DecimalField(max_digits={self.digits}, decimal_places={self.places})"
        self.samples = tuple(f'"{number}.{"5".ljust(self.places, "0")}"' for number in (1, 2))  # type: ignore[assignment]
        self.wrong = f'"{"1" * (self.digits - self.places + 1)}"', f'"0.{"1" * (self.places + 1)}"', '"1e3"', "1.5", "1"

    def read(self, resource: str) -> str:
        return super().read(resource).replace("Decimal", 'Annotated[Decimal, WithJsonSchema({"type": "string"})]')

    @property
    def default_json(self) -> str:
        return json.dumps(self.default)

    def default_code(self, resource: str) -> str:
        return f'Decimal("{self.default}")'

    def read_default(self, text: str) -> object:
        if not re.fullmatch(self.pattern, text, re.ASCII) or re.fullmatch(r"-[0.]+", text):
            raise Refused(f"{self.word}={text}: the default is a number such as 1.50, with as many digits as it may have.")
        whole, _, fraction = text.partition(".")
        return f"{int(whole)}.{fraction.ljust(self.places, '0')}" if not text.startswith("-0") else text


class Bool(Field):
    kind = "bool"
    python = "bool"
    is_filter = True
    column_type, migration_type, django = "", "sa.Boolean()", "BooleanField()"
    contract = contract_read = "type: boolean"
    samples = "True", "False"
    wrong = '"true"', "1"

    def type_name(self, resource: str) -> str:
        return "StrictBool"

    def read_default(self, text: str) -> object:
        if text not in {"true", "false"}:
            raise Refused(f"{self.word}={text}: the default is true or false.")
        return text == "true"

    def filter_type(self, resource: str) -> str:
        return 'Annotated[bool, written_as("true|false")]'

    @property
    def query(self) -> tuple[str, str]:
        return '"true"', '"false"'


class Date(Field):
    kind = "date"
    python = "date"
    is_filter = True
    may_have_default = False
    column_type, migration_type, django = "", "sa.Date()", "DateField()"
    contract = contract_read = "type: string, format: date"
    samples = '"2026-01-31"', '"2026-02-01"'
    wrong = '"2026-02-30"', '"2026-01-31T00:00:00Z"', "1767225600"

    def type_name(self, resource: str) -> str:
        return "IsoDate"

    def filter_type(self, resource: str) -> str:
        return "IsoDate"


class DateTime(Field):
    kind = "datetime"
    python = "datetime"
    may_have_default = False
    column_type, migration_type, django = "UtcDateTime", "sa.DateTime(timezone=True)", "DateTimeField()"
    contract = contract_read = "type: string, format: date-time"
    samples = '"2026-01-31T12:00:00Z"', '"2026-02-01T12:00:00Z"'
    wrong = '"2026-01-31"', '"2026-01-31T12:00:00"', "1767225600", '"0001-01-01T00:00:00+01:00"'

    def type_name(self, resource: str) -> str:
        return "IsoDateTime"

    def read(self, resource: str) -> str:
        return "UtcDateTime" + (" | None" if self.optional else "")

    @property
    def stored(self) -> tuple[str, str]:
        return '"2026-01-31 12:00:00.000000"', '"2026-02-01 12:00:00.000000"'



class Enum(Field):
    kind = "enum"
    python = "str"
    is_filter = True

    def understand(self, inside: str | None) -> None:
        self.values = [value.strip() for value in (inside or "").split(",")]
        for value in self.values:
            if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", value, re.ASCII):
                raise Refused(f"{self.word}: values are lower-case words, as in enum(draft,done).")
        self.members = {re.sub(r"\W", "_", value).upper(): value for value in self.values}
        if len(self.members) < 2 or len(self.members) < len(self.values):
            raise Refused(f"{self.word}: an enum needs at least two different values, as in enum(draft,done).")
        if self.unique:
            raise Refused(f"{self.word}!unique: only str and int can be unique.")
        length = max(20, *map(len, self.values))
        self.contract = self.contract_read = f"type: string, enum: [{', '.join(map(yaml_word, self.values))}]"
        self.column_type, self.migration_type = f"String({length})", f"sa.String({length})"
        self.django = f"CharField(max_length={length})"
        self.samples = json.dumps(self.values[0]), json.dumps(self.values[1])
        self.wrong = '"unknown-to-all"', "1"

    def type_name(self, resource: str) -> str:
        return f"{resource}{camel(self.name)}"

    def filter_type(self, resource: str) -> str:
        return self.type_name(resource)

    def read(self, resource: str) -> str:
        return self.type_name(resource) + (" | None" if self.optional else "")

    def default_code(self, resource: str) -> str:
        member = next(member for member, value in self.members.items() if value == self.default)
        return f"{self.type_name(resource)}.{member}"

    @property
    def default_json(self) -> str:
        return json.dumps(self.default)

    def read_default(self, text: str) -> object:
        if text not in self.values:
            raise Refused(f"{self.word}={text}: the default is one of {', '.join(self.values)}.")
        return text


class Ref(Field):
    """`target` is set when the project is known."""

    kind = "ref"
    python = "UUID"
    is_filter = True
    may_have_default = False
    contract = contract_read = "type: string, format: uuid"
    samples = f'"{ID}"', f'"{ID}"'
    wrong = '"x"', "1"

    def understand(self, inside: str | None) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", inside or ""):
            raise Refused(f"{self.word}: say the table, as in ref(projects).")
        self.table = inside or ""

    @property
    def column(self) -> str:
        return f"{self.name}_id"

    def filter_type(self, resource: str) -> str:
        return "UUID"


KINDS: dict[str, type[Field]] = {
    each.kind: each for each in (Str, Text, Int, Float, Decimal, Bool, Date, DateTime, Enum, Ref)
}


def _range(word: str, inside: str | None, widest: tuple[int | None, int | None]) -> tuple[int, int]:
    """`0..9`, where either end may be left out."""
    match = re.fullmatch(r"(-?\d{1,15})?\.\.(-?\d{1,15})?", inside or "..", re.ASCII)
    if match is None or inside == "..":
        raise Refused(f"{word}: say from where to where, as in (0..9) or (0..).")
    least, most = (
        int(end) if end is not None else default for end, default in zip(match.groups(), widest, strict=True)
    )
    if least is not None and most is not None and not (widest[0] or least) <= least < most <= (widest[1] or most):
        raise Refused(f"{word}: the range is empty, or wider than {widest[0]} to {widest[1]}.")
    return least, most  # type: ignore[return-value]


def _nullable(contract: str) -> str:
    return f'anyOf: [{{{contract}}}, {{type: "null"}}]'


def yaml_word(value: object) -> str:
    """A value in the flow style of YAML. Some words mean something else there."""
    plain = isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_-]*", value)
    words = {"y", "n", "yes", "no", "true", "false", "on", "off", "null"}
    return str(value) if plain and value not in words else json.dumps(value)
