"""The rules of operations that take a password, without a database and without HTTP."""

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from datetime import timedelta

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

from {{ cookiecutter.__package }}.auth.credentials import CredentialService, InvalidCredentials
from {{ cookiecutter.__package }}.auth.schemas import AccountDeletion, PasswordChange
from {{ cookiecutter.__package }}.auth.service import CurrentUser
from {{ cookiecutter.__package }}.core.errors import RateLimited, Unauthenticated
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.schemas import Role
from {{ cookiecutter.__package }}.users.service import EmailTaken, LastAdmin

from ..passwords import PASSWORD_HASH
from .fakes import PASSWORD, FakeAccounts, log_in, sign_up


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def credentials(accounts: FakeAccounts) -> CredentialService:
    return accounts.credentials


@pytest.fixture
def alice(credentials: CredentialService) -> User:
    return sign_up(credentials)


class TestSignUp:
    def test_keeps_no_password(self, alice: User) -> None:
        assert alice.password_hash.startswith("$argon2id$")
        assert PASSWORD.get_secret_value() not in alice.password_hash

    def test_makes_no_administrator(self, alice: User) -> None:
        assert alice.role == "user"

    def test_refuses_an_email_that_has_an_account(self, credentials: CredentialService, alice: User) -> None:
        with pytest.raises(EmailTaken):
            sign_up(credentials)


class TestLogIn:
    def test_opens_a_session(self, credentials: CredentialService, accounts: FakeAccounts, alice: User) -> None:
        log_in(credentials)

        [session] = accounts.auth.sessions.values()
        assert session.user_id == alice.id
        assert session.user_agent == "a browser"

    def test_keeps_no_refresh_token(self, credentials: CredentialService, accounts: FakeAccounts, alice: User) -> None:
        tokens = log_in(credentials)

        [stored] = accounts.auth.refresh_tokens.values()
        assert stored.token_hash != tokens.refresh_token
        assert stored.expires_at - stored.created_at == timedelta(days=30)

    def test_refuses_a_wrong_password(self, credentials: CredentialService, alice: User) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(credentials, Secret("wrong"))

    def test_compares_every_byte_of_a_long_password(self, credentials: CredentialService) -> None:
        sign_up(credentials, Secret("x" * 100 + "y"))

        with pytest.raises(InvalidCredentials):
            log_in(credentials, Secret("x" * 100 + "z"))

    def test_refuses_an_unknown_email(self, credentials: CredentialService) -> None:
        with pytest.raises(InvalidCredentials):
            log_in(credentials)

    def test_refuses_a_deactivated_account(self, credentials: CredentialService, alice: User) -> None:
        alice.is_active = False

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

    def test_upgrades_a_hash_of_weaker_parameters(self, credentials: CredentialService, alice: User) -> None:
        alice.password_hash = PASSWORD_HASH

        log_in(credentials)

        assert alice.password_hash != PASSWORD_HASH

    def test_compares_a_hash_for_an_unknown_email_too(
        self, credentials: CredentialService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared = []
        monkeypatch.setattr(Argon2Hasher, "verify", lambda _self, _password, hashed: compared.append(hashed))

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

        assert len(compared) == 1


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

    def test_slides(self, credentials: CredentialService, accounts: FakeAccounts, alice: User) -> None:
        for _ in range(5):
            log_in(credentials)
        attempts = accounts.auth.login_attempts["192.0.2.1"]
        attempts.times = [attempts.times[0] - 900, *attempts.times[1:]]

        log_in(credentials)

        with pytest.raises(RateLimited):
            log_in(credentials)

    def test_is_one_for_a_network(self, credentials: CredentialService, alice: User) -> None:
        for host in range(5):
            log_in(credentials, client_ip=f"2001:db8::{host}")

        with pytest.raises(RateLimited):
            log_in(credentials, client_ip="2001:db8::ffff:1")
        log_in(credentials, client_ip="2001:db8:0:1::1")
        log_in(credentials, client_ip="192.0.2.2")


class TestChangesMeanwhile:
    """Another request may commit between the check of a password and the write."""

    @pytest.fixture
    def credentials(self, accounts: FakeAccounts) -> CredentialService:
        """Returns copies of what the repository holds, as transactions do."""
        find = accounts.users.find_active_user_by_email
        accounts.users.find_active_user_by_email = lambda email: copy(find(email))  # type: ignore[method-assign]
        return accounts.credentials

    @pytest.fixture
    def current_user(self, accounts: FakeAccounts, alice: User) -> CurrentUser:
        tokens = log_in(accounts.credentials)
        return CurrentUser(copy(alice), accounts.sessions.authenticate(f"Bearer {tokens.access_token}").session_id)

    @pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": "another"}])
    def test_open_no_session(
        self,
        credentials: CredentialService,
        accounts: FakeAccounts,
        alice: User,
        monkeypatch: pytest.MonkeyPatch,
        change: dict[str, object],
    ) -> None:
        change_while_verifying(monkeypatch, lambda: accounts.users.update_user(alice, **change))

        with pytest.raises(InvalidCredentials):
            log_in(credentials)

        assert not accounts.auth.sessions

    @pytest.mark.parametrize("operation", ["change_password", "delete_account"])
    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"is_active": False}, Unauthenticated),
            ({"password_hash": "another"}, InvalidCredentials),
            ({}, Unauthenticated),
        ],
        ids=["deactivated", "another_password", "signed_out"],
    )
    def test_stop_a_change_of_the_account(
        self,
        credentials: CredentialService,
        accounts: FakeAccounts,
        alice: User,
        current_user: CurrentUser,
        monkeypatch: pytest.MonkeyPatch,
        operation: str,
        change: dict[str, object],
        error: type[Exception],
    ) -> None:
        def change_account() -> None:
            accounts.users.update_user(alice, **change)
            if not change:
                accounts.auth.remove_sessions(alice.id)

        change_while_verifying(monkeypatch, change_account)
        body = {
            "change_password": PasswordChange(current_password=PASSWORD, new_password=Secret("a new password")),
            "delete_account": AccountDeletion(current_password=PASSWORD),
        }[operation]
        before = copy(vars(alice))

        with pytest.raises(error):
            getattr(credentials, operation)(current_user, body)

        assert accounts.users.users == {alice.id: alice}
        assert alice.password_hash == change.get("password_hash", before["password_hash"])


class TestDeleteAccount:
    @pytest.mark.parametrize("others", [[], [Role.USER]])
    def test_the_last_administrator_stays(
        self, credentials: CredentialService, accounts: FakeAccounts, others: list[Role]
    ) -> None:
        admin = sign_up(credentials, role=Role.ADMIN)
        for role in others:
            sign_up(credentials, email="bob@example.com", role=role)
        tokens = log_in(credentials)
        current_user = accounts.sessions.authenticate(f"Bearer {tokens.access_token}")

        with pytest.raises(LastAdmin):
            credentials.delete_account(current_user, AccountDeletion(current_password=PASSWORD))

        assert admin.id in accounts.users.users


def change_while_verifying(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    verify = Argon2Hasher.verify

    def verify_late(self: Argon2Hasher, password: str, hashed: str) -> bool:
        is_right = verify(self, password, hashed)
        change()
        return is_right

    monkeypatch.setattr(Argon2Hasher, "verify", verify_late)
