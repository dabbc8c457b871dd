"""The rules of accounts, without a database and without HTTP."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import nullcontext, suppress
from copy import copy
from datetime import timedelta
from time import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

from {{ cookiecutter.__package }}.accounts.credentials import CredentialService
from {{ cookiecutter.__package }}.accounts.models import User
from {{ cookiecutter.__package }}.accounts.schemas import (
    LogIn,
    ProfileChange,
    Refresh,
    Role,
    SignUp,
    Tokens,
    UserChange,
)
from {{ cookiecutter.__package }}.accounts.service import (
    AccountService,
    EmailTaken,
    Identity,
    InvalidCredentials,
    InvalidRefreshToken,
    RefreshTokenReused,
)
from {{ cookiecutter.__package }}.core.errors import Forbidden, Unauthenticated
from {{ cookiecutter.__package }}.core.rate_limits import RateLimited
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
def credentials(service: AccountService) -> CredentialService:
    return CredentialService(lambda: nullcontext(service), SETTINGS)


@pytest.fixture
def alice(credentials: CredentialService) -> User:
    return sign_up(credentials)


def sign_up(credentials: CredentialService, password: Secret[str] = PASSWORD) -> User:
    return credentials.sign_up(SignUp(email="alice@example.com", password=password, name="Alice"))


def log_in(credentials: CredentialService, password: Secret[str] = PASSWORD, address: str = "192.0.2.1") -> Tokens:
    return credentials.log_in(LogIn(email="alice@example.com", password=password), address, "a browser")


@pytest.fixture
def tokens(credentials: CredentialService, alice: User) -> Tokens:
    return log_in(credentials)


def claims_of(tokens: Tokens) -> dict[str, object]:
    return jwt.decode(tokens.access_token, KEY, algorithms=["HS256"]).claims


class TestSignUp:
    def test_keeps_no_password(self, alice: User) -> None:
        assert alice.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert PASSWORD.get_secret_value() not in alice.password_hash

    def test_gives_nobody_a_role(self, alice: User) -> None:
        assert alice.role == "user"

    def test_refuses_an_address_that_has_an_account(self, credentials: CredentialService, alice: User) -> None:
        with pytest.raises(EmailTaken):
            sign_up(credentials)


class TestLogIn:
    def test_opens_a_session(
        self, credentials: CredentialService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        log_in(credentials)

        [session] = accounts.sessions.values()
        assert session.user_id == alice.id
        assert session.user_agent == "a browser"

    def test_keeps_no_refresh_token(
        self, credentials: CredentialService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        tokens = log_in(credentials)

        [stored] = accounts.refresh_tokens.values()
        assert stored.token_hash != tokens.refresh_token
        assert stored.expires_at - stored.created_at == timedelta(days=30)

    def test_refuses_a_wrong_password(self, credentials: CredentialService, alice: User) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(credentials, Secret("wrong"))

    def test_compares_every_byte_of_a_long_password(self, credentials: CredentialService) -> None:
        sign_up(credentials, Secret("x" * 100 + "y"))

        with pytest.raises(InvalidCredentials):
            log_in(credentials, Secret("x" * 100 + "z"))

    def test_refuses_an_unknown_address(self, credentials: CredentialService) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(credentials)

    def test_refuses_a_deactivated_account(self, credentials: CredentialService, alice: User) -> None:
        alice.is_active = False

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

    def test_upgrades_a_hash_of_weaker_parameters(self, credentials: CredentialService, alice: User) -> None:
        alice.password_hash = PasswordHash((Argon2Hasher(memory_cost=1024, time_cost=1),)).hash(
            PASSWORD.get_secret_value()
        )

        log_in(credentials)

        assert alice.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    def test_compares_a_hash_for_an_unknown_address_too(
        self, credentials: CredentialService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared = []
        monkeypatch.setattr(Argon2Hasher, "verify", lambda _self, _password, hashed: compared.append(hashed))

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

        assert [hashed.split("$")[3] for hashed in compared] == ["m=19456,t=2,p=1"]

    def test_forgets_sessions_that_nobody_can_refresh(
        self, credentials: CredentialService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        log_in(credentials)
        [session] = accounts.sessions.values()
        session.last_used_at -= timedelta(days=31)

        log_in(credentials)

        assert session not in accounts.sessions.values()


class TestLoginLimit:
    def test_counts_every_attempt_also_a_right_one(self, credentials: CredentialService, alice: User) -> None:
        for password in [PASSWORD, Secret("wrong"), PASSWORD, PASSWORD, PASSWORD]:
            with suppress(InvalidCredentials):
                log_in(credentials, password)

        with pytest.raises(RateLimited) as refusal:
            log_in(credentials)

        assert 890 < refusal.value.quota.reset <= 900

    def test_looks_at_no_password_beyond_it(
        self, credentials: CredentialService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(5):
            with pytest.raises(InvalidCredentials):
                log_in(credentials)
        monkeypatch.delattr(Argon2Hasher, "verify")

        with pytest.raises(RateLimited):
            log_in(credentials)

    def test_slides(self, credentials: CredentialService, accounts: FakeAccountRepository, alice: User) -> None:
        for _ in range(5):
            log_in(credentials)
        [attempts] = accounts.login_attempts.values()
        attempts.times = [attempts.times[0] - 900, *attempts.times[1:]]

        log_in(credentials)

        with pytest.raises(RateLimited):
            log_in(credentials)

    def test_forgets_networks_that_came_long_ago(
        self, credentials: CredentialService, accounts: FakeAccountRepository, alice: User
    ) -> None:
        log_in(credentials, address="192.0.2.1")
        accounts.login_attempts["192.0.2.1"].expires_at = alice.created_at

        log_in(credentials, address="192.0.2.2")

        assert list(accounts.login_attempts) == ["192.0.2.2"]

    def test_is_one_for_a_network(self, credentials: CredentialService, alice: User) -> None:
        for host in range(5):
            log_in(credentials, address=f"2001:db8::{host}")

        with pytest.raises(RateLimited):
            log_in(credentials, address="2001:db8::ffff:1")
        log_in(credentials, address="2001:db8:0:1::1")
        log_in(credentials, address="192.0.2.2")


class TestChangesMeanwhile:
    """Between the look at the password and what it allows, another request may have committed."""

    @pytest.fixture
    def credentials(self, service: AccountService, accounts: FakeAccountRepository) -> CredentialService:
        """Gives out copies of what the repository holds, as transactions do."""
        find = accounts.find_active_user_by_email
        accounts.find_active_user_by_email = lambda email: copy(find(email))  # type: ignore[method-assign]
        return CredentialService(lambda: nullcontext(service), SETTINGS)

    @pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": "another"}])
    def test_open_no_session(
        self,
        credentials: CredentialService,
        accounts: FakeAccountRepository,
        alice: User,
        monkeypatch: pytest.MonkeyPatch,
        change: dict[str, object],
    ) -> None:
        verify = Argon2Hasher.verify

        def verify_late(self: Argon2Hasher, password: str, hashed: str) -> bool:
            right = verify(self, password, hashed)
            for name, value in change.items():
                setattr(alice, name, value)
            return right

        monkeypatch.setattr(Argon2Hasher, "verify", verify_late)

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

        assert not accounts.sessions


def change_profile(service: AccountService, me: Identity) -> None:
    service.change_profile(me, ProfileChange(name="Alice Liddell"))


def end_newest_session(service: AccountService, me: Identity) -> None:
    [newest, *_] = service.accounts.list_sessions(me.user.id, None, 1)
    service.end_session(me, newest.id)


def replace_password(service: AccountService, me: Identity) -> None:
    service.replace_password(me, "a new hash")


def change_user(service: AccountService, me: Identity) -> None:
    service.change_user(me, me.user.id, UserChange(is_active=True))


every_change = pytest.mark.parametrize("change", [change_profile, end_newest_session, replace_password, change_user])


class TestCallersWhoHaveGone:
    """Between the look at who calls and what they change, another request may have committed."""

    @pytest.fixture
    def me(self, service: AccountService) -> Identity:
        """An administrator, as she was when her request came in."""
        form = SignUp(email="alice@example.com", password=PASSWORD, name="Alice")
        user = service.open_account(form, "a hash", Role.ADMIN)
        tokens = [service.open_session(user, device, better_hash=None) for device in ("a browser", "a phone")]
        return Identity(copy(user), service.identify(tokens[0].access_token).session_id)

    @pytest.fixture
    def alice(self, accounts: FakeAccountRepository, me: Identity) -> User:
        """As she is by now."""
        return accounts.users[me.user.id]

    @every_change
    def test_change_nothing_from_a_session_that_has_ended(
        self,
        service: AccountService,
        accounts: FakeAccountRepository,
        me: Identity,
        alice: User,
        change: Callable[[AccountService, Identity], None],
    ) -> None:
        accounts.remove_session(me.session_id, alice.id)

        with pytest.raises(Unauthenticated):
            change(service, me)

        assert (alice.name, alice.password_hash, len(accounts.sessions)) == ("Alice", "a hash", 1)

    @every_change
    def test_change_nothing_with_a_deactivated_account(
        self,
        service: AccountService,
        accounts: FakeAccountRepository,
        me: Identity,
        alice: User,
        change: Callable[[AccountService, Identity], None],
    ) -> None:
        alice.is_active = False

        with pytest.raises(Unauthenticated) as refusal:
            change(service, me)

        assert refusal.value.code == "unauthenticated"
        assert (alice.name, alice.password_hash, alice.is_active) == ("Alice", "a hash", False)
        assert len(accounts.sessions) == 2

    def test_change_nobody_without_the_role(self, service: AccountService, me: Identity, alice: User) -> None:
        alice.role = Role.USER

        with pytest.raises(Forbidden):
            service.change_user(me, me.user.id, UserChange(role=Role.ADMIN))

        assert alice.role == Role.USER

    def test_replace_no_password_but_the_one_that_was_checked(
        self, service: AccountService, accounts: FakeAccountRepository, me: Identity, alice: User
    ) -> None:
        alice.password_hash = "another"

        with pytest.raises(InvalidCredentials):
            service.replace_password(me, "a new hash")

        assert alice.password_hash == "another"
        assert len(accounts.sessions) == 2


class TestRefresh:
    def test_an_expired_token_is_worth_nothing(
        self, service: AccountService, accounts: FakeAccountRepository, tokens: Tokens
    ) -> None:
        form = Refresh.model_validate({"refresh_token": tokens.refresh_token})
        [token] = accounts.refresh_tokens.values()
        token.expires_at = token.created_at

        with pytest.raises(InvalidRefreshToken):
            service.refresh(form)

        assert accounts.sessions

    def test_keeps_the_end_of_a_session_whose_token_came_twice(
        self, service: AccountService, accounts: FakeAccountRepository, tokens: Tokens
    ) -> None:
        form = Refresh.model_validate({"refresh_token": tokens.refresh_token})
        service.refresh(form)

        with pytest.raises(RefreshTokenReused) as refusal:
            service.refresh(form)

        assert refusal.value.keeps_changes
        assert not accounts.sessions


class TestIdentify:
    def test_knows_who_is_signed_in(self, service: AccountService, alice: User, tokens: Tokens) -> None:
        assert service.identify(tokens.access_token).user is alice

    def test_asks_for_the_session(
        self, service: AccountService, accounts: FakeAccountRepository, tokens: Tokens
    ) -> None:
        accounts.sessions.clear()

        with pytest.raises(Unauthenticated):
            service.identify(tokens.access_token)

    def test_asks_whether_the_account_is_active(self, service: AccountService, alice: User, tokens: Tokens) -> None:
        alice.is_active = False

        with pytest.raises(Unauthenticated):
            service.identify(tokens.access_token)

    def test_takes_no_refresh_token(self, service: AccountService, tokens: Tokens) -> None:
        with pytest.raises(Unauthenticated):
            service.identify(tokens.refresh_token)

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
        self, service: AccountService, tokens: Tokens, change: dict[str, object]
    ) -> None:
        claims = claims_of(tokens) | change
        forged = jwt.encode({"alg": "HS256"}, {name: value for name, value in claims.items() if value is not None}, KEY)

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_another_key(self, service: AccountService, tokens: Tokens) -> None:
        forged = jwt.encode({"alg": "HS256"}, claims_of(tokens), OctKey.generate_key(256))

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_another_algorithm(self, service: AccountService, tokens: Tokens) -> None:
        forged = jwt.encode({"alg": "HS384"}, claims_of(tokens), KEY, algorithms=["HS384"])

        with pytest.raises(Unauthenticated):
            service.identify(forged)

    def test_refuses_no_signature(self, service: AccountService, tokens: Tokens) -> None:
        _, claims, _ = tokens.access_token.split(".")
        header = urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")

        with pytest.raises(Unauthenticated):
            service.identify(f"{header}.{claims}.")
