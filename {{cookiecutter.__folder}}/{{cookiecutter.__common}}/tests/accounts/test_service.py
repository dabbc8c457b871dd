"""The rules of accounts, without a database and without HTTP."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from time import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import Secret

from {{ cookiecutter.__package }}.accounts.models import User
from {{ cookiecutter.__package }}.accounts.schemas import LogIn, Refresh, SignUp, Tokens
from {{ cookiecutter.__package }}.accounts.service import (
    AccountService,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    RefreshTokenReused,
)
from {{ cookiecutter.__package }}.core.errors import Unauthenticated
from {{ cookiecutter.__package }}.core.settings import Settings

from .fakes import FakeAccountRepository

PASSWORD = Secret("correct horse battery staple")
SETTINGS = Settings(environment="test")
KEY = OctKey.import_key(SETTINGS.secret_key.get_secret_value())


@pytest.fixture
def accounts() -> FakeAccountRepository:
    return FakeAccountRepository()


@pytest.fixture
def service(accounts: FakeAccountRepository) -> AccountService:
    return AccountService(accounts, SETTINGS)


@pytest.fixture
def alice(service: AccountService) -> User:
    return service.sign_up(SignUp(email="alice@example.com", password=PASSWORD, name="Alice"))


def log_in(service: AccountService, password: Secret[str] = PASSWORD) -> Tokens:
    return service.log_in(LogIn(email="alice@example.com", password=password), "a browser")


def claims_of(tokens: Tokens) -> dict[str, object]:
    return jwt.decode(tokens.access_token, KEY, algorithms=["HS256"]).claims


class TestSignUp:
    def test_keeps_no_password(self, alice: User) -> None:
        assert alice.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert PASSWORD.get_secret_value() not in alice.password_hash

    def test_gives_nobody_a_role(self, alice: User) -> None:
        assert alice.role == "user"

    def test_refuses_an_address_that_has_an_account(self, service: AccountService, alice: User) -> None:
        with pytest.raises(EmailTaken):
            service.sign_up(SignUp(email=alice.email, password=PASSWORD, name="Mallory"))


class TestLogIn:
    def test_opens_a_session(self, service: AccountService, accounts: FakeAccountRepository, alice: User) -> None:
        log_in(service)

        [session] = accounts.sessions.values()
        assert session.user_id == alice.id
        assert session.user_agent == "a browser"

    def test_keeps_no_refresh_token(
        self, service: AccountService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        tokens = log_in(service)

        [stored] = accounts.refresh_tokens.values()
        assert stored.token_hash != tokens.refresh_token
        assert stored.expires_at - stored.created_at == timedelta(days=30)

    def test_refuses_a_wrong_password(self, service: AccountService, alice: User) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(service, Secret("wrong"))

    def test_compares_every_byte_of_a_long_password(self, service: AccountService) -> None:
        service.sign_up(SignUp(email="alice@example.com", password=Secret("x" * 100 + "y"), name="Alice"))

        with pytest.raises(InvalidCredentials):
            log_in(service, Secret("x" * 100 + "z"))

    def test_refuses_an_unknown_address(self, service: AccountService) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(service)

    def test_refuses_a_deactivated_account(self, service: AccountService, alice: User) -> None:
        alice.is_active = False

        with pytest.raises(InvalidCredentials):
            log_in(service)


class TestRefresh:
    def test_an_expired_token_is_worth_nothing(
        self, service: AccountService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        form = Refresh.model_validate({"refresh_token": log_in(service).refresh_token})
        [token] = accounts.refresh_tokens.values()
        token.expires_at = token.created_at

        with pytest.raises(InvalidRefreshToken):
            service.refresh(form)

        assert accounts.sessions

    def test_keeps_the_end_of_a_session_whose_token_came_twice(
        self, service: AccountService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        form = Refresh.model_validate({"refresh_token": log_in(service).refresh_token})
        service.refresh(form)

        with pytest.raises(RefreshTokenReused) as refusal:
            service.refresh(form)

        assert refusal.value.keeps_changes
        assert not accounts.sessions


class TestIdentify:
    def test_knows_who_is_signed_in(self, service: AccountService, alice: User) -> None:
        assert service.identify(log_in(service).access_token).user is alice

    def test_asks_for_the_session(self, service: AccountService, accounts: FakeAccountRepository, alice: User) -> None:
        tokens = log_in(service)
        accounts.sessions.clear()

        with pytest.raises(Unauthenticated):
            service.identify(tokens.access_token)

    def test_asks_whether_the_account_is_active(self, service: AccountService, alice: User) -> None:
        tokens = log_in(service)
        alice.is_active = False

        with pytest.raises(Unauthenticated):
            service.identify(tokens.access_token)

    def test_takes_no_refresh_token(self, service: AccountService, alice: User) -> None:
        with pytest.raises(Unauthenticated):
            service.identify(log_in(service).refresh_token)

    @pytest.mark.parametrize(
        "change",
        [
            {"iss": "another"},
            {"aud": "another"},
            {"exp": 1},
            {"exp": "later"},
            {"exp": None},
            {"iat": time() + 3600},
            {"sub": "nobody"},
            {"sub": "\0"},
            {"sub": 7},
            {"sub": None},
            {"sid": "nothing"},
            {"sid": None},
        ],
    )
    def test_refuses_claims_that_it_did_not_make(
        self, service: AccountService, alice: User, change: dict[str, object]
    ) -> None:
        claims = claims_of(log_in(service)) | change
        forged = jwt.encode({"alg": "HS256"}, {name: value for name, value in claims.items() if value is not None}, KEY)

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_another_key(self, service: AccountService, alice: User) -> None:
        forged = jwt.encode({"alg": "HS256"}, claims_of(log_in(service)), OctKey.generate_key(256))

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_another_algorithm(self, service: AccountService, alice: User) -> None:
        forged = jwt.encode({"alg": "HS384"}, claims_of(log_in(service)), KEY, algorithms=["HS384"])

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_no_signature(self, service: AccountService, alice: User) -> None:
        _, claims, _ = log_in(service).access_token.split(".")
        header = urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")

        with pytest.raises(Unauthenticated):
            service.identify(f"{header}.{claims}.")
