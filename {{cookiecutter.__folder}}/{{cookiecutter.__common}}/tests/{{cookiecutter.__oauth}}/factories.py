"""The provider of the tests, and sign-ins with it."""

from functools import cache
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from {{ cookiecutter.__package }}.oauth import flow
from {{ cookiecutter.__package }}.oauth.providers import GitHub, OpenIdConnect
from {{ cookiecutter.__package }}.oauth.service import challenge_of
from {{ cookiecutter.__package }}.oauth.settings import OAuthSettings

from .provider import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Provider

type Json = dict[str, Any]

SECRET = SecretStr(CLIENT_SECRET)

_patch = pytest.MonkeyPatch()


@cache
def set_up_provider() -> Provider:
    """As google and as github, for all tests: those of tests/test_permissions.py use no fixture of this folder."""
    provider = Provider().serve()
    settings = OAuthSettings(oauth_redirect_uris=(REDIRECT_URI,))
    forget_what_is_cached(provider)
    _patch.setattr(flow, "get_settings", lambda: settings)
    return provider


def forget_what_is_cached(provider: Provider) -> None:
    google = OpenIdConnect("google", provider.url, CLIENT_ID, SECRET)
    github = GitHub(provider.url, provider.url, CLIENT_ID, SECRET)
    _patch.setattr(flow, "configured_providers", lambda: {"google": google, "github": github})


class SignIn:
    """One that a browser has begun. `finish` is the body of what follows."""

    def __init__(self, client: httpx2.Client, provider: str) -> None:
        self.client = client
        self.path = f"/api/v1/auth/oauth/{provider}"
        self.code_verifier = token_urlsafe(32)
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of(self.code_verifier)}
        self.started = client.post(f"{self.path}/start", json=body)
        assert self.started.status_code == 201, self.started.text

    def body(self) -> dict[str, str]:
        """When the provider has sent the browser back."""
        back = set_up_provider().say_yes(self.started.json()["authorization_url"])
        query = parse_qs(urlsplit(back).query)
        return {"state": query["state"][0], "code": query["code"][0], "code_verifier": self.code_verifier}

    def finish(self, **changes: str) -> httpx2.Response:
        return self.client.post(f"{self.path}/finish", json=self.body() | changes)


def identity_id(alice: httpx2.Client) -> str:
    set_up_provider().reset()
    assert SignIn(alice, "github").finish().status_code == 200
    return str(alice.get("/api/v1/auth/identities").json()["items"][0]["id"])


def new_start(_alice: httpx2.Client) -> dict[str, str]:
    set_up_provider()
    return {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of(token_urlsafe(32))}


def new_finish(alice: httpx2.Client) -> dict[str, str]:
    set_up_provider().reset()
    return SignIn(alice, "github").body()
