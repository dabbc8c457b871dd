"""The queries, with the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import httpx2
import pytest
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.repository import UserRepository
from {{ cookiecutter.__package }}.users.schemas import Role

from ..accounts import Account
from ..database import Database


@pytest.fixture
def alice(client: httpx2.Client) -> Account:
    return Account("alice")


@pytest.fixture
def bob(client: httpx2.Client) -> Account:
    return Account("bob")


class TestAddUser:
    def test_takes_only_a_duplicate_for_one(self, alice: Account) -> None:
        nameless = User(id=uuid7(), email="bob@example.com", role="user", is_active=True, created_at=datetime.now(UTC))
        nameless.name = None  # type: ignore[assignment]

        with pytest.raises(Exception, match=r"(?i)null"), accounts_in_transaction() as accounts:
            accounts.users.users.add_user(nameless)


class TestListUsers:
    def test_goes_on_below_the_last_one_of_the_page_before(self, alice: Account, bob: Account) -> None:
        newest, oldest = sorted((alice.user.id, bob.user.id), reverse=True)

        with accounts_in_transaction() as accounts:
            first = [user.id for user in accounts.users.users.list_users(None, 1)]
            second = [user.id for user in accounts.users.users.list_users(newest, 2)]

        assert (first, second) == ([newest], [oldest])


class TestLockActiveAdmins:
    def test_finds_no_other_user(self, database: Database, alice: Account) -> None:
        admins = [Account(name, Role.ADMIN).user.id for name in ("bob", "carol", "dave")]
        database.execute("UPDATE users SET is_active = false WHERE email = 'dave@example.com'")

        with accounts_in_transaction() as accounts:
            assert accounts.users.users.lock_active_admins() == sorted(admins[:2])


class TestUpdateUser:
    def test_leaves_alone_what_another_request_has_changed(self, database: Database, alice: Account) -> None:
        database.execute("UPDATE users SET role = 'admin'")

        with accounts_in_transaction() as accounts:
            accounts.users.users.update_user(alice.user, name="Bob")

        assert database.rows("SELECT name, role FROM users") == [("Bob", "admin")]


class TestLocks:
    @pytest.mark.parametrize(
        "lock",
        [lambda users, alice: users.lock_user(alice.id), lambda users, _alice: users.lock_active_admins()],
        ids=["user", "active_admins"],
    )
    def test_last_until_the_end_of_the_transaction(
        self, client: httpx2.Client, database: Database, lock: Callable[[UserRepository, User], object]
    ) -> None:
        alice = Account("alice", Role.ADMIN)

        with ThreadPoolExecutor() as threads:
            with accounts_in_transaction() as accounts:
                lock(accounts.users.users, alice.user)
                changed = threads.submit(database.execute, "UPDATE users SET name = 'Bob'")

                assert not wait([changed], timeout=0.1).done

            changed.result()

    def test_show_what_they_have_waited_for(self, client: httpx2.Client, database: Database) -> None:
        """Also if the transaction has read the user before."""
        alice = Account("alice")
        database.execute("UPDATE users SET name = 'Alice Liddell'")

        with accounts_in_transaction() as accounts:
            user = accounts.users.users.lock_user(alice.user.id)

        assert user
        assert user.name == "Alice Liddell"
