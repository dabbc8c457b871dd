"""The bodies of requests and responses of the sign-in with Google and GitHub."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, Secret

from ..core.schemas import RequestBody, ResponseBody, UtcDateTime

CodeChallenge = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")]
CodeVerifier = Annotated[str, Field(pattern="^[A-Za-z0-9._~-]{43,128}$")]


class OAuthStart(RequestBody):
    redirect_uri: Annotated[str, Field(max_length=2000)]
    code_challenge: CodeChallenge


class OAuthStarted(ResponseBody):
    authorization_url: str
    state: str
    expires_in: int


class OAuthFinish(RequestBody):
    state: Secret[Annotated[str, Field(max_length=100)]]
    code: Secret[Annotated[str, Field(max_length=2000)]]
    code_verifier: Secret[CodeVerifier]


class IdentityRead(ResponseBody):
    id: UUID
    provider: str
    email: str
    created_at: UtcDateTime


class IdentityList(ResponseBody):
    items: list[IdentityRead]
