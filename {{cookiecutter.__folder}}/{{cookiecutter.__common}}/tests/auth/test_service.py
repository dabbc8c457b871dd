"""The rules of signing in, without a database and without HTTP."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from time import time

import jwt
import pytest

from {{ cookiecutter.__package }}.auth.schemas import Refresh, Tokens
from {{ cookiecutter.__package }}.auth.service import InvalidRefreshToken, LoginSessionService, RefreshTokenReused
from {{ cookiecutter.__package }}.core.errors import Forbidden, Unauthenticated
from {{ cookiecutter.__package }}.users.models import User

from .fakes import SETTINGS, FakeAccounts, log_in, sign_up

KEY = SETTINGS.secret_key.get_secret_value()


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def sessions(accounts: FakeAccounts) -> LoginSessionService:
    return accounts.sessions


@pytest.fixture
def alice(accounts: FakeAccounts) -> User:
    return sign_up(accounts.credentials)


@pytest.fixture
def tokens(accounts: FakeAccounts, alice: User) -> Tokens:
    return log_in(accounts.credentials)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def forged(tokens: Tokens, changes: dict[str, object]) -> str:
    """The access token with other claims, signed with the right key."""
    claims = {name: value for name, value in (claims_of(tokens) | changes).items() if value is not None}
    return jwt.PyJWS().encode(json.dumps(claims).encode(), KEY, "HS256", {"typ": "JWT"})


def claims_of(tokens: Tokens) -> dict[str, object]:
    return jwt.decode(tokens.access_token, options={"verify_signature": False})


class TestOpenSession:
    @pytest.mark.parametrize(
        ("header", "user_agent"),
        [
            ("a browser", "a browser"),
            ("", ""),
            ("x" * 300, "x" * 200),
            ("é".encode().decode("latin-1"), "é"),
            ("\xff", "\N{REPLACEMENT CHARACTER}"),
        ],
    )
    def test_keeps_what_the_user_agent_says(
        self, sessions: LoginSessionService, accounts: FakeAccounts, alice: User, header: str, user_agent: str
    ) -> None:
        sessions.open_session(alice, header)

        assert [session.user_agent for session in accounts.auth.sessions.values()] == [user_agent]


class TestRefresh:
    def test_an_expired_token_is_refused(
        self, sessions: LoginSessionService, accounts: FakeAccounts, tokens: Tokens
    ) -> None:
        [token] = accounts.auth.refresh_tokens.values()
        token.expires_at = token.created_at

        with pytest.raises(InvalidRefreshToken):
            sessions.refresh(body_of(tokens))

        assert accounts.auth.sessions

    def test_a_session_has_a_maximum_age(
        self, sessions: LoginSessionService, accounts: FakeAccounts, tokens: Tokens
    ) -> None:
        [session] = accounts.auth.sessions.values()
        session.created_at = datetime.now(UTC) - timedelta(days=89)

        renewed = sessions.refresh(body_of(tokens))

        [last] = [token for token in accounts.auth.refresh_tokens.values() if not token.used_at]
        assert last.expires_at == session.created_at + timedelta(days=90)
        last.expires_at = datetime.now(UTC)
        with pytest.raises(InvalidRefreshToken):
            sessions.refresh(body_of(renewed))

    def test_keeps_the_end_of_a_session_whose_token_came_twice(
        self, sessions: LoginSessionService, accounts: FakeAccounts, tokens: Tokens
    ) -> None:
        sessions.refresh(body_of(tokens))

        with pytest.raises(RefreshTokenReused) as refusal:
            sessions.refresh(body_of(tokens))

        assert refusal.value.keeps_changes
        assert not accounts.auth.sessions


def body_of(tokens: Tokens) -> Refresh:
    return Refresh.model_validate({"refresh_token": tokens.refresh_token})


class TestAuthenticate:
    def test_knows_who_is_signed_in(self, sessions: LoginSessionService, alice: User, tokens: Tokens) -> None:
        assert sessions.authenticate(bearer(tokens.access_token)).user is alice

    def test_knows_administrators(self, sessions: LoginSessionService, alice: User, tokens: Tokens) -> None:
        with pytest.raises(Forbidden):
            sessions.authenticate_admin(bearer(tokens.access_token))
        alice.role = "admin"

        assert sessions.authenticate_admin(bearer(tokens.access_token)).user is alice

    def test_asks_for_the_session(self, sessions: LoginSessionService, accounts: FakeAccounts, tokens: Tokens) -> None:
        accounts.auth.sessions.clear()

        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(tokens.access_token))

    def test_asks_whether_the_account_is_active(
        self, sessions: LoginSessionService, alice: User, tokens: Tokens
    ) -> None:
        alice.is_active = False

        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(tokens.access_token))

    @pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YWxpY2U6YQ==", "Bearer a.b.c"])
    def test_takes_nothing_else(self, sessions: LoginSessionService, authorization: str | None) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(authorization)

    def test_takes_no_refresh_token(self, sessions: LoginSessionService, tokens: Tokens) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(tokens.refresh_token))

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "another"},
            {"aud": "another"},
            {"exp": 1},
            {"exp": int(time()) - 70},
            {"exp": "later"},
            {"exp": 1e300},
            {"exp": None},
            {"iat": int(time()) + 3600},
            {"iat": time()},
            {"sub": "nobody"},
            {"sub": "\0"},
            {"sub": 7},
            {"sub": None},
            {"sid": "nothing"},
            {"sid": None},
        ],
    )
    def test_refuses_claims_that_it_did_not_make(
        self, sessions: LoginSessionService, tokens: Tokens, changes: dict[str, object]
    ) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(forged(tokens, changes)))

    @pytest.mark.parametrize("claim", ["iat", "exp"])
    def test_clocks_may_differ_by_a_minute(self, sessions: LoginSessionService, tokens: Tokens, claim: str) -> None:
        moment = int(time()) + (50 if claim == "iat" else -50)

        assert sessions.authenticate(bearer(forged(tokens, {claim: moment})))

    def test_refuses_another_key(self, sessions: LoginSessionService, tokens: Tokens) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(jwt.encode(claims_of(tokens), KEY[::-1], "HS256")))

    @pytest.mark.filterwarnings("ignore:The HMAC key is")
    def test_refuses_another_algorithm(self, sessions: LoginSessionService, tokens: Tokens) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(jwt.encode(claims_of(tokens), KEY, "HS384")))

    @pytest.mark.parametrize("end", ["=", ".", "A", "!"])
    def test_refuses_another_spelling(self, sessions: LoginSessionService, tokens: Tokens, end: str) -> None:
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(tokens.access_token + end))

    @pytest.mark.parametrize("part", [b"[" * 20_000, b'{"a":' * 20_000, b'{"exp":' + b"9" * 5000 + b"}", b"\xff", b"7"])
    def test_refuses_what_is_no_object(self, sessions: LoginSessionService, tokens: Tokens, part: bytes) -> None:
        header, claims, _ = tokens.access_token.split(".")
        encoded = urlsafe_b64encode(part).decode().rstrip("=")

        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(jwt.PyJWS().encode(part, KEY, "HS256")))
        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(f"{encoded}.{claims}.{header}"))

    def test_refuses_no_signature(self, sessions: LoginSessionService, tokens: Tokens) -> None:
        _, claims, _ = tokens.access_token.split(".")
        header = urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")

        with pytest.raises(Unauthenticated):
            sessions.authenticate(bearer(f"{header}.{claims}."))
