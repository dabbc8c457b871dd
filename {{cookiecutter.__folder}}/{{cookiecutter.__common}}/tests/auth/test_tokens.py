"""An access token is verified once: what is remembered of it, and what is not."""

from time import time
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.auth import tokens
from {{ cookiecutter.__package }}.auth.tokens import LEEWAY_SECONDS, AccessTokens
from {{ cookiecutter.__package }}.core.errors import Unauthenticated
from {{ cookiecutter.__package }}.core.settings import Settings

USER, SESSION = uuid7(), uuid7()


@pytest.fixture
def access_tokens() -> AccessTokens:
    return AccessTokens(Settings(environment="test"))


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    monkeypatch.setattr(tokens, "time", lambda: moment)


def test_a_token_expires_although_it_was_read_before(
    access_tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, end = access_tokens.issue(USER, SESSION), time() + access_tokens.lifetime + LEEWAY_SECONDS
    first = access_tokens.read(token)

    at(monkeypatch, end - 2)
    assert access_tokens.read(token) == first
    at(monkeypatch, end + 2)
    with pytest.raises(Unauthenticated):
        access_tokens.read(token)


def test_a_forged_token_is_refused_each_time(access_tokens: AccessTokens) -> None:
    genuine = access_tokens.issue(USER, SESSION)
    assert access_tokens.read(genuine).user_id == USER

    for _ in range(2):
        with pytest.raises(Unauthenticated):
            access_tokens.read(forged(genuine, access_tokens))


def test_a_token_of_another_key_is_refused_although_its_own_service_has_read_it(access_tokens: AccessTokens) -> None:
    others = AccessTokens(Settings(environment="test", secret_key="the key of another service, as long as ours"))
    token = others.issue(USER, SESSION)
    others.read(token)

    with pytest.raises(Unauthenticated):
        access_tokens.read(token)


def forged(genuine: str, access_tokens: AccessTokens) -> str:
    """The signature of one token below the claims of another."""
    header, _, signature = genuine.split(".")
    return ".".join([header, access_tokens.issue(UUID(int=0), SESSION).split(".")[1], signature])
