"""One request is one transaction, committed before its response leaves."""

import httpx2
import pytest

from {{ cookiecutter.__package }}.accounts.schemas import SignUp
from {{ cookiecutter.__package }}.accounts.service import AccountService

from .database import Database

ALICE = {"email": "alice@example.com", "password": "correct horse battery staple", "name": "Alice"}


@pytest.fixture
def unchecked(client: httpx2.Client) -> httpx2.Client:
    """The contract has no 500: these tests provoke it."""
    client.event_hooks = {}
    return client


def test_nobody_hears_of_a_success_that_was_not_committed(unchecked: httpx2.Client, database: Database) -> None:
    with database.commits_fail():
        response = unchecked.post("/api/v1/auth/signup", json=ALICE)

    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert database.rows("SELECT email FROM users") == []


def test_a_request_that_fails_leaves_nothing(
    unchecked: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up = AccountService.sign_up

    def sign_up_and_fail(self: AccountService, form: SignUp) -> None:
        sign_up(self, form)
        raise RuntimeError("canary")

    monkeypatch.setattr(AccountService, "sign_up", sign_up_and_fail)
    response = unchecked.post("/api/v1/auth/signup", json=ALICE)

    assert response.status_code == 500
    assert "canary" not in response.text
    assert database.rows("SELECT email FROM users") == []


def test_the_next_request_is_served(unchecked: httpx2.Client, database: Database) -> None:
    with database.commits_fail():
        unchecked.post("/api/v1/auth/signup", json=ALICE)

    response = unchecked.post("/api/v1/auth/signup", json=ALICE)

    assert response.status_code == 201
    assert database.rows("SELECT email FROM users") == [("alice@example.com",)]
