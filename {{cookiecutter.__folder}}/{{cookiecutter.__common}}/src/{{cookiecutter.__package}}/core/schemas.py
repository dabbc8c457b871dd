"""What every schema at the boundary shares."""

from datetime import UTC
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, Secret, field_validator
from pydantic_core import PydanticCustomError

NO_NUL = r"^[^\x00]*$"

UtcDateTime = Annotated[AwareDatetime, AfterValidator(lambda time: time.astimezone(UTC))]


def tell_of_nul(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        if field.get("type") == "string" and "format" not in field:
            field["pattern"] = NO_NUL


class RequestBody(BaseModel):
    """Refuses fields that it does not know, and NUL, which PostgreSQL can not store."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=tell_of_nul)

    @field_validator("*")
    @classmethod
    def refuse_nul(cls, value: Any) -> Any:
        text = value.get_secret_value() if isinstance(value, Secret) else value
        if isinstance(text, str) and "\0" in text:
            raise PydanticCustomError("string_nul", "String should not contain NUL")
        return value


class ResponseBody(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Page[Item](ResponseBody):
    items: list[Item]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")
