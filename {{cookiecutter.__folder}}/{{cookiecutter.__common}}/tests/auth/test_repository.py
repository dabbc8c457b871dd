"""The queries, with the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest

from {{ cookiecutter.__package }}.auth import repository
from {{ cookiecutter.__package }}.auth.models import LoginSession, RefreshToken
from {{ cookiecutter.__package }}.auth.repository import AuthRepository
from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction

from ..accounts import Account
from ..database import Database

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(microseconds=1)
AFTER = NOW + timedelta(microseconds=1)
FIRST, SECOND, THIRD, FOURTH = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def alice(client: httpx2.Client) -> Account:
    return Account("alice")


@pytest.fixture
def bob(client: httpx2.Client) -> Account:
    return Account("bob")


def add_session(account: Account, session_id: UUID, last_used_at: datetime = NOW) -> None:
    with accounts_in_transaction() as accounts:
        accounts.sessions.auth.add_session(
            LoginSession(
                id=session_id,
                user_id=account.user.id,
                user_agent="tests",
                created_at=last_used_at,
                last_used_at=last_used_at,
            )
        )


def add_refresh_token(session_id: UUID, token_hash: str, expires_at: datetime) -> None:
    with accounts_in_transaction() as accounts:
        accounts.sessions.auth.add_refresh_token(
            RefreshToken(token_hash=token_hash, session_id=session_id, created_at=BEFORE, expires_at=expires_at)
        )


def sessions_of(account: Account, below: UUID | None = None, limit: int = 100) -> list[UUID]:
    with accounts_in_transaction() as accounts:
        return [session.id for session in accounts.sessions.auth.list_sessions(account.user.id, below, limit)]


class TestListSessions:
    def test_starts_with_the_newest(self, alice: Account) -> None:
        for session_id in (SECOND, FIRST, THIRD):
            add_session(alice, session_id)

        assert sessions_of(alice, limit=2) == [THIRD, SECOND]

    def test_goes_on_below_the_last_one_of_the_page_before(self, alice: Account) -> None:
        for session_id in (SECOND, FIRST, THIRD):
            add_session(alice, session_id)

        assert sessions_of(alice, below=THIRD) == [SECOND, FIRST]

    def test_does_not_list_sessions_of_other_users(self, alice: Account, bob: Account) -> None:
        add_session(alice, FIRST)
        add_session(bob, SECOND)

        assert sessions_of(alice) == [FIRST]
        assert sessions_of(bob, below=THIRD) == [SECOND]


class TestFindSignedInUser:
    def test_does_not_match_a_session_of_another_user(self, alice: Account, bob: Account) -> None:
        add_session(alice, FIRST)
        add_session(bob, SECOND)

        with accounts_in_transaction() as accounts:
            find = accounts.sessions.auth.find_signed_in_user
            assert find(alice.user.id, FIRST)
            assert find(alice.user.id, SECOND) is None
            assert find(alice.user.id, THIRD) is None

    def test_finds_no_deactivated_account(self, database: Database, alice: Account) -> None:
        add_session(alice, FIRST)
        database.execute("UPDATE users SET is_active = false")

        with accounts_in_transaction() as accounts:
            assert accounts.sessions.auth.find_signed_in_user(alice.user.id, FIRST) is None


class TestRemoveSession:
    def test_keeps_a_session_of_another_user(self, alice: Account, bob: Account) -> None:
        add_session(alice, FIRST)

        with accounts_in_transaction() as accounts:
            removed = accounts.sessions.auth.remove_session(FIRST, bob.user.id)

        assert not removed
        assert sessions_of(alice) == [FIRST]

    def test_tells_whether_there_was_one(self, alice: Account) -> None:
        add_session(alice, FIRST)

        with accounts_in_transaction() as accounts:
            removed = [accounts.sessions.auth.remove_session(FIRST, alice.user.id) for _ in range(2)]

        assert removed == [True, False]


class TestRemoveSessions:
    def test_keeps_one(self, alice: Account, bob: Account) -> None:
        for account, session_id in [(alice, FIRST), (alice, SECOND), (alice, THIRD), (bob, FOURTH)]:
            add_session(account, session_id)

        with accounts_in_transaction() as accounts:
            accounts.sessions.auth.remove_sessions(alice.user.id, keep=SECOND)

        assert (sessions_of(alice), sessions_of(bob)) == ([SECOND], [FOURTH])

    def test_keeps_none_unless_told_so(self, alice: Account, bob: Account) -> None:
        for account, session_id in [(alice, FIRST), (alice, SECOND), (bob, THIRD)]:
            add_session(account, session_id)

        with accounts_in_transaction() as accounts:
            accounts.sessions.auth.remove_sessions(alice.user.id)

        assert (sessions_of(alice), sessions_of(bob)) == ([], [THIRD])

    def test_takes_their_refresh_tokens_along(self, database: Database, alice: Account) -> None:
        for session_id in (FIRST, SECOND):
            add_session(alice, session_id)
            add_refresh_token(session_id, f"of {session_id.int}", AFTER)

        with accounts_in_transaction() as accounts:
            accounts.sessions.auth.remove_sessions(alice.user.id, keep=SECOND)

        assert database.rows("SELECT token_hash FROM refresh_tokens") == [("of 2",)]


class TestRemoveSessionsUnusedSince:
    def test_keeps_what_was_used_later(self, alice: Account, bob: Account) -> None:
        add_session(alice, FIRST, last_used_at=BEFORE)
        add_session(alice, SECOND, last_used_at=NOW)
        add_session(bob, THIRD, last_used_at=BEFORE)

        with accounts_in_transaction() as accounts:
            removed = accounts.sessions.auth.remove_sessions_unused_since(NOW)

        assert (removed, sessions_of(alice), sessions_of(bob)) == (2, [SECOND], [])

    def test_removes_only_some_of_many(self, alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        for session_id in (FIRST, SECOND, THIRD):
            add_session(alice, session_id, last_used_at=BEFORE)
        monkeypatch.setattr(repository, "SWEPT", 2)

        with accounts_in_transaction() as accounts:
            removed = accounts.sessions.auth.remove_sessions_unused_since(NOW)

        assert (removed, len(sessions_of(alice))) == (2, 1)


class TestRemoveExpiredRefreshTokens:
    def test_keeps_what_is_valid(self, database: Database, alice: Account) -> None:
        add_session(alice, FIRST)
        add_session(alice, SECOND)
        add_refresh_token(FIRST, "expired", NOW)
        add_refresh_token(FIRST, "valid", AFTER)
        add_refresh_token(SECOND, "of another session", NOW)

        with accounts_in_transaction() as accounts:
            removed = accounts.sessions.auth.remove_expired_refresh_tokens(NOW)

        assert (removed, database.rows("SELECT token_hash FROM refresh_tokens")) == (2, [("valid",)])


class TestLoginAttempts:
    def test_of_a_network_are_found_again(self, client: httpx2.Client) -> None:
        with accounts_in_transaction() as accounts:
            attempts = accounts.sessions.auth.lock_login_attempts("192.0.2.1", NOW)
            attempts.times = [*attempts.times, 1.5]
            accounts.sessions.auth.save_login_attempts(attempts)

        with accounts_in_transaction() as accounts:
            other = accounts.sessions.auth.lock_login_attempts("192.0.2.2", NOW)
            again = accounts.sessions.auth.lock_login_attempts("192.0.2.1", AFTER)

        assert (other.times, again.times, again.expires_at) == ([], [1.5], AFTER)

    def test_are_removed_when_they_have_expired(self, client: httpx2.Client, database: Database) -> None:
        with accounts_in_transaction() as accounts:
            for network, expires_at in [("192.0.2.1", BEFORE), ("192.0.2.2", NOW)]:
                accounts.sessions.auth.lock_login_attempts(network, expires_at)

        with accounts_in_transaction() as accounts:
            accounts.sessions.auth.remove_expired_login_attempts(NOW)

        assert database.rows("SELECT key FROM login_attempts") == [("192.0.2.2",)]


class TestLocks:
    @pytest.mark.parametrize(
        ("lock", "change"),
        [
            (lambda auth: auth.lock_refresh_token("hash"), "UPDATE sessions SET user_agent = ''"),
            (lambda auth: auth.lock_refresh_token("hash"), "UPDATE refresh_tokens SET used_at = NULL"),
            (lambda auth: auth.lock_login_attempts("::", AFTER), "DELETE FROM login_attempts"),
        ],
        ids=["session", "refresh_token", "login_attempts"],
    )
    def test_last_until_the_end_of_the_transaction(
        self, client: httpx2.Client, database: Database, lock: Callable[[AuthRepository], object], change: str
    ) -> None:
        alice = Account("alice")
        add_session(alice, FIRST)
        add_refresh_token(FIRST, "hash", AFTER)
        with accounts_in_transaction() as accounts:
            accounts.sessions.auth.lock_login_attempts("::", NOW)

        with ThreadPoolExecutor() as threads:
            with accounts_in_transaction() as accounts:
                lock(accounts.sessions.auth)
                changed = threads.submit(database.execute, change)

                assert not wait([changed], timeout=0.1).done

            changed.result()
