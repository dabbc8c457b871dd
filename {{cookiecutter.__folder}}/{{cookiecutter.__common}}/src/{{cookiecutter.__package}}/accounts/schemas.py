"""What crosses the boundary of accounts."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, Secret, StrictBool
from pydantic_core import PydanticCustomError

from ..core.schemas import NOT_SENT, RequestBody, ResponseBody, UtcDateTime

EMAIL_LENGTH = 254


def email_address(value: str) -> str:
    """The address in the form that is stored and compared: two that differ in case alone are the same."""
    try:
        if len(value) > EMAIL_LENGTH:
            raise EmailNotValidError  # To normalise a megabyte of accents would take minutes.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise PydanticCustomError("email", "Input should be an email address") from None


EmailAddress = Annotated[
    str, AfterValidator(email_address), Field(max_length=EMAIL_LENGTH, json_schema_extra={"format": "email"})
]
NewPassword = Secret[Annotated[str, Field(min_length=8, max_length=128)]]
Password = Secret[Annotated[str, Field(max_length=128)]]
PersonName = Annotated[str, Field(min_length=1, max_length=100)]


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


class SignUp(RequestBody):
    email: EmailAddress
    password: NewPassword
    name: PersonName


class LogIn(RequestBody):
    email: EmailAddress
    password: Password


class Refresh(RequestBody):
    refresh_token: Secret[Annotated[str, Field(max_length=200)]]


class PasswordChange(RequestBody):
    current_password: Password
    new_password: NewPassword


class ProfileChange(RequestBody):
    name: PersonName = NOT_SENT


class UserChange(RequestBody):
    role: Role = NOT_SENT
    is_active: StrictBool = NOT_SENT


class UserRead(ResponseBody):
    id: UUID
    email: str
    name: str
    role: Role
    is_active: bool
    created_at: UtcDateTime


class Tokens(ResponseBody):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds until the access token expires.")


class SessionRead(ResponseBody):
    id: UUID
    created_at: UtcDateTime
    last_used_at: UtcDateTime
    user_agent: str
    current: bool = Field(description="Whether the request itself comes from this session.")
