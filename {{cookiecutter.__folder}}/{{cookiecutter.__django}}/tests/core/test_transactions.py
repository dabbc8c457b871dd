"""A transaction ends before a handler of an error runs, and a success is never rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import httpx2
import pytest
from django.db import DatabaseError
from django.db.transaction import TransactionManagementError, set_rollback
from django.http import HttpRequest, HttpResponse

from {{ cookiecutter.__package }}.core.database import lock_row
from {{ cookiecutter.__package }}.urls import api
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.service import UserService

from ..contract import note_code
from ..database import Database


@pytest.fixture
def unchecked(alice: httpx2.Client) -> httpx2.Client:
    """The contract has no 500: these tests provoke it."""
    alice.event_hooks = {"response": [note_code]}
    return alice


@contextmanager
def handler(kind: type[Exception]) -> Iterator[list[str]]:
    """Answers 418, after it has read the names of all users and has called Alice Carol."""
    names: list[str] = []

    def respond(request: HttpRequest, _error: Any) -> HttpResponse:
        names.extend(User.objects.values_list("name", flat=True))
        User.objects.update(name="Carol")
        return api.create_response(request, {}, status=418)

    with patch.dict(api._exception_handlers):
        api.add_exception_handler(kind, respond)
        yield names


def test_a_handler_of_an_error_reads_and_writes(unchecked: httpx2.Client, database: Database) -> None:
    def change_and_fail(*_arguments: Any) -> None:
        User.objects.update(name="Bob")
        raise LookupError

    with handler(LookupError) as names, patch.object(UserService, "change_profile", change_and_fail):
        response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert (response.status_code, names) == (418, ["Alice"])
    assert database.rows("SELECT name FROM users") == [("Carol",)]


def test_a_lock_without_a_transaction_is_refused(client: httpx2.Client) -> None:
    with pytest.raises(TransactionManagementError):
        lock_row(User, "SELECT * FROM users")


def test_an_error_of_the_commit_has_a_handler(unchecked: httpx2.Client, database: Database) -> None:
    with handler(DatabaseError) as names, database.commits_fail():
        response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert names == ["Alice"]
    assert response.status_code == 500  # Here the handler's own write fails as well.


def test_a_success_is_not_rolled_back(unchecked: httpx2.Client, database: Database) -> None:
    change_profile = UserService.change_profile

    def change_and_roll_back(*arguments: Any) -> User:
        set_rollback(True)
        return change_profile(*arguments)

    with patch.object(UserService, "change_profile", change_and_roll_back):
        response = unchecked.patch("/api/v1/users/me", json={"name": "Bob"})

    assert response.status_code == 500
    assert database.rows("SELECT name FROM users") == [("Alice",)]
