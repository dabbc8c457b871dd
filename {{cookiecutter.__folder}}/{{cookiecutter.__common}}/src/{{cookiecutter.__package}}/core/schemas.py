"""The base of the schemas of all features."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    MISSING,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Secret,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

MAX_FIELDS = 100
NO_NUL = r"^[^\x00]*$"

# The default is pydantic's MISSING. A factory hides it from JSON schemas, because not every generator knows it.
NOT_SENT: Any = Field(default_factory=lambda: MISSING)


def refuse_other_types(value: object) -> object:
    """pydantic alone would also take `"1"` and `true`. It takes `1.0`, which JSON does not tell from `1`."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


# An integer in a body: `Annotated[int, Field(ge=0), INTEGER]`, in this order.
INTEGER = BeforeValidator(refuse_other_types)


def in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_range", "Input should be a time that exists in UTC") from None


def written_as(pattern: str, kind: type) -> BeforeValidator:
    """Takes text of this form, and from code a value of this type. pydantic alone would take a number for a date."""

    def check(value: object) -> object:
        if not isinstance(value, kind) and not (isinstance(value, str) and re.fullmatch(pattern, value)):
            raise PydanticCustomError(f"{kind.__name__.lower()}_parsing", "Input is not valid")
        return value

    return BeforeValidator(check)


UtcDateTime = Annotated[AwareDatetime, AfterValidator(in_utc)]
IsoDate = Annotated[date, written_as("[0-9]{4}-[0-9]{2}-[0-9]{2}", date)]
ISO_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})"
IsoDateTime = Annotated[UtcDateTime, written_as(ISO_TIME, datetime)]


def forbid_nul(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        for kind in field.get("anyOf", [field]):
            if kind.get("type") == "string" and "format" not in kind:
                kind.setdefault("pattern", NO_NUL)


class RequestBody(BaseModel):
    """Refuses unknown fields, and NUL, which PostgreSQL can not store.

    A field that may be left out but not be null is `name: Name | MISSING = NOT_SENT`. `model_dump()` leaves it out too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=forbid_nul)

    @model_validator(mode="before")
    @classmethod
    def limit_fields(cls, value: Any) -> Any:
        """Otherwise the answer would list each of a hundred thousand unknown fields."""
        if isinstance(value, dict) and len(value) > MAX_FIELDS:
            raise PydanticCustomError("too_many_fields", "Object should have fewer fields")
        return value

    @field_validator("*")
    @classmethod
    def refuse_nul(cls, value: Any) -> Any:
        text = value.get_secret_value() if isinstance(value, Secret) else value
        if isinstance(text, str) and "\0" in text:
            raise PydanticCustomError("string_nul", "String should not contain NUL")
        return value


class ResponseBody(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PageRead[Item](ResponseBody):
    items: list[Item]
    next_cursor: str | None = Field(description="For the next page; null on the last one")
