"""Every query on accounts that a fake could only prove of itself, against the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest

from {{ cookiecutter.__package }}.accounts.models import RefreshToken, Session, User
from {{ cookiecutter.__package }}.accounts.repository import AccountRepository
from {{ cookiecutter.__package }}.accounts.schemas import Role
from {{ cookiecutter.__package }}.accounts.transactions import accounts_in_transaction

from ..database import Database
from ..people import Person

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(microseconds=1)
AFTER = NOW + timedelta(microseconds=1)
FIRST, SECOND, THIRD, FOURTH = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def alice(client: httpx2.Client) -> Person:
    return Person("alice", Role.USER)


@pytest.fixture
def bob(client: httpx2.Client) -> Person:
    return Person("bob", Role.USER)


def add_session(person: Person, session_id: UUID, last_used_at: datetime = NOW) -> None:
    with accounts_in_transaction() as service:
        service.accounts.add_session(
            Session(
                id=session_id,
                user_id=person.user.id,
                user_agent="tests",
                created_at=last_used_at,
                last_used_at=last_used_at,
            )
        )


def add_refresh_token(session_id: UUID, token_hash: str, expires_at: datetime) -> None:
    with accounts_in_transaction() as service:
        service.accounts.add_refresh_token(
            RefreshToken(token_hash=token_hash, session_id=session_id, created_at=BEFORE, expires_at=expires_at)
        )


def sessions_of(person: Person, below: UUID | None = None, limit: int = 100) -> list[UUID]:
    with accounts_in_transaction() as service:
        return [session.id for session in service.accounts.list_sessions(person.user.id, below, limit)]


class TestListSessions:
    def test_starts_with_the_newest(self, alice: Person) -> None:
        for session_id in (SECOND, FIRST, THIRD):
            add_session(alice, session_id)

        assert sessions_of(alice, limit=2) == [THIRD, SECOND]

    def test_goes_on_below_the_last_one_of_the_page_before(self, alice: Person) -> None:
        for session_id in (SECOND, FIRST, THIRD):
            add_session(alice, session_id)

        assert sessions_of(alice, below=THIRD) == [SECOND, FIRST]

    def test_shows_nobody_the_sessions_of_another(self, alice: Person, bob: Person) -> None:
        add_session(alice, FIRST)
        add_session(bob, SECOND)

        assert sessions_of(alice) == [FIRST]
        assert sessions_of(bob, below=THIRD) == [SECOND]


class TestListUsers:
    def test_goes_on_below_the_last_one_of_the_page_before(self, alice: Person, bob: Person) -> None:
        newest, oldest = sorted((alice.user.id, bob.user.id), reverse=True)

        with accounts_in_transaction() as service:
            first = [user.id for user in service.accounts.list_users(None, 1)]
            second = [user.id for user in service.accounts.list_users(newest, 2)]

        assert (first, second) == ([newest], [oldest])


class TestFindSignedInUser:
    def test_takes_nobody_for_the_owner_of_another_session(self, alice: Person, bob: Person) -> None:
        add_session(alice, FIRST)
        add_session(bob, SECOND)

        with accounts_in_transaction() as service:
            find = service.accounts.find_signed_in_user
            assert find(alice.user.id, FIRST)
            assert find(alice.user.id, SECOND) is None
            assert find(alice.user.id, THIRD) is None

    def test_finds_no_deactivated_account(self, database: Database, alice: Person) -> None:
        add_session(alice, FIRST)
        database.execute("UPDATE users SET is_active = false")

        with accounts_in_transaction() as service:
            assert service.accounts.find_signed_in_user(alice.user.id, FIRST) is None


class TestLockActiveAdmins:
    def test_finds_nobody_else(self, database: Database, alice: Person) -> None:
        admins = [Person(name, Role.ADMIN).user.id for name in ("bob", "carol", "dave")]
        database.execute("UPDATE users SET is_active = false WHERE email = 'dave@example.com'")

        with accounts_in_transaction() as service:
            assert service.accounts.lock_active_admins() == sorted(admins[:2])


class TestRemoveSession:
    def test_removes_nobody_elses(self, alice: Person, bob: Person) -> None:
        add_session(alice, FIRST)

        with accounts_in_transaction() as service:
            removed = service.accounts.remove_session(FIRST, bob.user.id)

        assert not removed
        assert sessions_of(alice) == [FIRST]

    def test_tells_whether_there_was_one(self, alice: Person) -> None:
        add_session(alice, FIRST)

        with accounts_in_transaction() as service:
            removed = [service.accounts.remove_session(FIRST, alice.user.id) for _ in range(2)]

        assert removed == [True, False]


class TestRemoveSessions:
    def test_keeps_one(self, alice: Person, bob: Person) -> None:
        for person, session_id in [(alice, FIRST), (alice, SECOND), (alice, THIRD), (bob, FOURTH)]:
            add_session(person, session_id)

        with accounts_in_transaction() as service:
            service.accounts.remove_sessions(alice.user.id, keep=SECOND)

        assert (sessions_of(alice), sessions_of(bob)) == ([SECOND], [FOURTH])

    def test_keeps_none_unless_told_so(self, alice: Person, bob: Person) -> None:
        for person, session_id in [(alice, FIRST), (alice, SECOND), (bob, THIRD)]:
            add_session(person, session_id)

        with accounts_in_transaction() as service:
            service.accounts.remove_sessions(alice.user.id)

        assert (sessions_of(alice), sessions_of(bob)) == ([], [THIRD])

    def test_takes_their_refresh_tokens_along(self, database: Database, alice: Person) -> None:
        for session_id in (FIRST, SECOND):
            add_session(alice, session_id)
            add_refresh_token(session_id, f"of {session_id.int}", AFTER)

        with accounts_in_transaction() as service:
            service.accounts.remove_sessions(alice.user.id, keep=SECOND)

        assert database.rows("SELECT token_hash FROM refresh_tokens") == [("of 2",)]


class TestRemoveSessionsUnusedSince:
    def test_keeps_what_was_used_later_and_what_is_not_hers(self, alice: Person, bob: Person) -> None:
        add_session(alice, FIRST, last_used_at=BEFORE)
        add_session(alice, SECOND, last_used_at=NOW)
        add_session(bob, THIRD, last_used_at=BEFORE)

        with accounts_in_transaction() as service:
            service.accounts.remove_sessions_unused_since(NOW, alice.user.id)

        assert (sessions_of(alice), sessions_of(bob)) == ([SECOND], [THIRD])


class TestRemoveExpiredRefreshTokens:
    def test_keeps_what_is_valid_and_what_is_of_another_session(self, database: Database, alice: Person) -> None:
        add_session(alice, FIRST)
        add_session(alice, SECOND)
        add_refresh_token(FIRST, "expired", NOW)
        add_refresh_token(FIRST, "valid", AFTER)
        add_refresh_token(SECOND, "of another session", NOW)

        with accounts_in_transaction() as service:
            service.accounts.remove_expired_refresh_tokens(FIRST, NOW)

        hashes = database.rows("SELECT token_hash FROM refresh_tokens ORDER BY token_hash")
        assert hashes == [("of another session",), ("valid",)]


class TestLoginAttempts:
    def test_of_a_network_are_found_again(self, client: httpx2.Client) -> None:
        with accounts_in_transaction() as service:
            attempts = service.accounts.lock_login_attempts("192.0.2.1", NOW)
            attempts.times = [*attempts.times, 1.5]
            service.accounts.save_login_attempts(attempts)

        with accounts_in_transaction() as service:
            other = service.accounts.lock_login_attempts("192.0.2.2", NOW)
            again = service.accounts.lock_login_attempts("192.0.2.1", AFTER)

        assert (other.times, again.times, again.expires_at) == ([], [1.5], AFTER)

    def test_are_removed_when_they_have_expired(self, client: httpx2.Client, database: Database) -> None:
        with accounts_in_transaction() as service:
            for network, expires_at in [("192.0.2.1", BEFORE), ("192.0.2.2", NOW)]:
                service.accounts.lock_login_attempts(network, expires_at)

        with accounts_in_transaction() as service:
            service.accounts.remove_login_attempts(before=NOW)

        assert database.rows("SELECT network FROM login_attempts") == [("192.0.2.2",)]


class TestLocks:
    @pytest.mark.parametrize(
        ("lock", "change"),
        [
            (lambda accounts, alice: accounts.lock_user(alice.id), "UPDATE users SET name = 'Bob'"),
            (lambda accounts, _alice: accounts.lock_active_admins(), "UPDATE users SET name = 'Bob'"),
            (lambda accounts, _alice: accounts.lock_session_of_token("hash"), "UPDATE sessions SET user_agent = ''"),
            (lambda accounts, _alice: accounts.lock_login_attempts("::", AFTER), "DELETE FROM login_attempts"),
        ],
        ids=["user", "active_admins", "session_of_token", "login_attempts"],
    )
    def test_last_until_the_end_of_the_transaction(
        self, client: httpx2.Client, database: Database, lock: Callable[[AccountRepository, User], object], change: str
    ) -> None:
        alice = Person("alice", Role.ADMIN)
        add_session(alice, FIRST)
        add_refresh_token(FIRST, "hash", AFTER)
        with accounts_in_transaction() as service:
            service.accounts.lock_login_attempts("::", NOW)

        with ThreadPoolExecutor() as threads:
            with accounts_in_transaction() as service:
                lock(service.accounts, alice.user)
                changed = threads.submit(database.execute, change)

                assert not wait([changed], timeout=0.1).done

            changed.result()
