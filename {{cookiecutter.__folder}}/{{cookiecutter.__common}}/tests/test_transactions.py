"""A request is a transaction, committed before its response leaves. Operations with a password have their own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.schemas import ProfileChange, Role
from {{ cookiecutter.__package }}.users.service import EmailTaken, UserService

from .accounts import Account
from .contract import note_code
from .database import Database
from .passwords import PASSWORD

ALICE = {"email": "alice@example.com", "password": PASSWORD}
BOB = {"email": "bob@example.com", "password": PASSWORD, "name": "Bob"}
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "another horse"}


@pytest.fixture
def unchecked(alice: httpx2.Client) -> httpx2.Client:
    """The contract has no 500: these tests provoke it."""
    alice.event_hooks = {"response": [note_code]}
    return alice


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/api/v1/auth/signup", BOB), ("PATCH", "/api/v1/users/me", {"name": "Bob"})],
)
def test_a_client_never_gets_a_success_that_was_not_committed(
    unchecked: httpx2.Client, database: Database, method: str, path: str, body: dict[str, str]
) -> None:
    with database.commits_fail():
        response = unchecked.request(method, path, json=body)

    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert database.rows("SELECT name FROM users") == [("Alice",)]
    assert unchecked.request(method, path, json=body).is_success


def test_a_request_that_fails_leaves_nothing(
    unchecked: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_profile = UserService.change_profile

    def change_and_fail(self: UserService, user_id: UUID, changes: ProfileChange) -> None:
        change_profile(self, user_id, changes)
        raise RuntimeError("canary")

    monkeypatch.setattr(UserService, "change_profile", change_and_fail)
    response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert response.status_code == 500
    assert "canary" not in response.text
    assert database.rows("SELECT name FROM users") == [("Alice",)]


def test_a_response_that_is_not_what_its_schema_says_leaves_nothing(
    unchecked: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_profile = UserService.change_profile

    def change_and_return_something_else(self: UserService, user_id: UUID, changes: ProfileChange) -> object:
        change_profile(self, user_id, changes)
        return object()

    monkeypatch.setattr(UserService, "change_profile", change_and_return_something_else)
    response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert response.status_code == 500
    assert database.rows("SELECT name FROM users") == [("Alice",)]


def test_an_error_that_a_service_catches_leaves_what_was_done_before(
    alice: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_profile = UserService.change_profile

    def change_and_catch(self: UserService, user_id: UUID, changes: ProfileChange) -> object:
        user = change_profile(self, user_id, changes)
        with pytest.raises(EmailTaken):
            self.create_user("alice@example.com", "Carol", "hash", Role.USER)
        return user

    monkeypatch.setattr(UserService, "change_profile", change_and_catch)
    response = alice.patch("/api/v1/users/me", json={"name": "Bob"})

    assert response.json()["name"] == "Bob"
    assert database.rows("SELECT name FROM users") == [("Bob",)]


@pytest.mark.parametrize(
    ("method", "path", "body", "works"),
    [
        ("POST", "/api/v1/auth/signup", BOB, ["hash"]),
        ("POST", "/api/v1/auth/login", ALICE, ["verify", "hash"]),  # The hash of the tests is weak and is upgraded.
        ("POST", "/api/v1/auth/login", ALICE | {"password": "wrong"}, ["verify"]),
        ("POST", "/api/v1/auth/password", NEW_PASSWORD, ["verify", "hash"]),
        ("DELETE", "/api/v1/users/me", {"current_password": PASSWORD}, ["verify"]),
    ],
)
def test_no_transaction_is_open_while_a_password_is_hashed(
    client: httpx2.Client,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: dict[str, str],
    works: list[str],
) -> None:
    headers = Account("alice").sign_in()
    observed = []

    def observe(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def work_observed(*arguments: Any, **options: Any) -> Any:
            observed.append((name, database.in_transaction()))
            return work(*arguments, **options)

        return work_observed

    for name in ("hash", "verify"):
        monkeypatch.setattr(Argon2Hasher, name, observe(name, getattr(Argon2Hasher, name)))
    client.request(method, path, json=body, headers=headers)

    assert observed == [(work, False) for work in works]


def test_an_open_transaction_is_noticed(client: httpx2.Client, database: Database) -> None:
    assert not database.in_transaction()

    with accounts_in_transaction() as accounts:
        accounts.users.find_active_user("alice@example.com")
        noticed = database.in_transaction()

    assert noticed
