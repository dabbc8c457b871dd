"""The bodies of requests and responses of users."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import MISSING, AfterValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from ..core.schemas import NOT_SENT, RequestBody, ResponseBody, UtcDateTime

EMAIL_LENGTH = 254


def normalized_email(value: str) -> str:
    """The email address as it is stored and compared: in lower case."""
    try:
        # To normalise a megabyte of accents would take minutes. Mail servers decode =?...?=, to another address.
        if len(value) > EMAIL_LENGTH or "=?" in value:
            raise EmailNotValidError
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise PydanticCustomError("email", "Input should be an email address") from None


Email = Annotated[
    str, AfterValidator(normalized_email), Field(max_length=EMAIL_LENGTH, json_schema_extra={"format": "email"})
]
UserName = Annotated[str, Field(min_length=1, max_length=100)]


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


class ProfileChange(RequestBody):
    name: UserName | MISSING = NOT_SENT


class UserChange(RequestBody):
    role: Role | MISSING = NOT_SENT
    is_active: StrictBool | MISSING = NOT_SENT


class UserRead(ResponseBody):
    id: UUID
    email: str
    email_verified: bool
    name: str
    role: Role
    is_active: bool
    created_at: UtcDateTime
