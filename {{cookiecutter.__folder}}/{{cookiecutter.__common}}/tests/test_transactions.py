"""One request is one transaction, committed before its response leaves; those that hash a password have their own."""

import httpx2
import pytest
from pydantic import Secret

from {{ cookiecutter.__package }}.accounts import credentials
from {{ cookiecutter.__package }}.accounts.schemas import ProfileChange
from {{ cookiecutter.__package }}.accounts.service import AccountService, Identity
from {{ cookiecutter.__package }}.core.passwords import hash_password

from .database import Database

BOB = {"email": "bob@example.com", "password": "correct horse battery staple", "name": "Bob"}


@pytest.fixture
def unchecked(alice: httpx2.Client) -> httpx2.Client:
    """The contract has no 500: these tests provoke it."""
    alice.event_hooks = {}
    return alice


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/api/v1/auth/signup", BOB), ("PATCH", "/api/v1/users/me", {"name": "Bob"})],
)
def test_nobody_hears_of_a_success_that_was_not_committed(
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
    change_profile = AccountService.change_profile

    def change_and_fail(self: AccountService, me: Identity, form: ProfileChange) -> None:
        change_profile(self, me, form)
        raise RuntimeError("canary")

    monkeypatch.setattr(AccountService, "change_profile", change_and_fail)
    response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert response.status_code == 500
    assert "canary" not in response.text
    assert database.rows("SELECT name FROM users") == [("Alice",)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/auth/signup", BOB),
        ("/api/v1/auth/password", {"current_password": BOB["password"], "new_password": "another horse"}),
    ],
)
def test_nobody_waits_while_a_password_is_hashed(
    alice: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str]
) -> None:
    def hash_and_write(password: Secret[str]) -> str:
        database.execute("UPDATE users SET name = 'Alice Liddell'")
        return hash_password(password)

    monkeypatch.setattr(credentials, "hash_password", hash_and_write)
    response = alice.post(path, json=body)

    assert response.is_success
    assert alice.get("/api/v1/users/me").json()["name"] == "Alice Liddell"
