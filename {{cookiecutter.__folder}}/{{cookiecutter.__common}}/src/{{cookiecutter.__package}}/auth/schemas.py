"""The bodies of requests and responses of auth."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, Secret

from ..core.schemas import RequestBody, ResponseBody, UtcDateTime
from ..users.schemas import Email, UserName

NewPassword = Secret[Annotated[str, Field(min_length=8, max_length=128)]]
Password = Secret[Annotated[str, Field(max_length=128)]]


class SignUp(RequestBody):
    email: Email
    password: NewPassword
    name: UserName


class LogIn(RequestBody):
    email: Email
    password: Password


class Refresh(RequestBody):
    refresh_token: Secret[str]


class PasswordChange(RequestBody):
    current_password: Password
    new_password: NewPassword


class EmailVerification(RequestBody):
    token: Secret[str]


class EmailChange(RequestBody):
    email: Email
    current_password: Password


class ForgottenPassword(RequestBody):
    email: Email


class PasswordReset(RequestBody):
    token: Secret[str]
    new_password: NewPassword


class AccountDeletion(RequestBody):
    current_password: Password


class Tokens(ResponseBody):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds until the access token expires")


class LoginSessionRead(ResponseBody):
    id: UUID
    created_at: UtcDateTime
    last_used_at: UtcDateTime
    user_agent: str
    current: bool = Field(description="Whether the request itself comes from this session")
