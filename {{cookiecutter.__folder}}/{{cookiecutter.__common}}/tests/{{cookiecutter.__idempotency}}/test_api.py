"""A request that is sent again with its Idempotency-Key, as clients do when no answer has arrived."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx2
import pytest

from {{ cookiecutter.__package }}.cart.service import CartService
from {{ cookiecutter.__package }}.core.settings import ROOT
from {{ cookiecutter.__package }}.idempotency import repository, service
from {{ cookiecutter.__package }}.idempotency.jobs import remove_expired
from {{ cookiecutter.__package }}.idempotency.repository import AnswerRepository
from {{ cookiecutter.__package }}.idempotency.transactions import answers_in_transaction
from {{ cookiecutter.__package }}.orders.service import OrderService
from {{ cookiecutter.__package }}.users.repository import UserRepository

from ..contract import note_code
from ..database import Database
from ..orders.factories import fill_cart
from ..passwords import PASSWORD
from ..races import meanwhile

ORDERS = "/api/v1/orders"

# Sends a request to the application and ends when the answer begins, as a worker that is killed after its commit.
DIES = """
import asyncio
import os
import sys

from tests.framework import app


async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_message):
    os._exit(9)


scope = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/api/v1/orders",
    "raw_path": b"/api/v1/orders",
    "root_path": "",
    "query_string": b"",
    "headers": [(b"host", b"testserver"), (b"authorization", sys.argv[1].encode()), (b"idempotency-key", b"a")],
    "client": ("127.0.0.1", 1),
    "server": ("testserver", 80),
}
asyncio.run(app(scope, receive, send))
"""


def post(client: httpx2.Client, value: str) -> httpx2.Response:
    return client.post(ORDERS, headers={"Idempotency-Key": value})


def test_the_same_request_does_its_work_once(alice: httpx2.Client) -> None:
    fill_cart(alice)
    first = post(alice, "a")
    fill_cart(alice)

    second = post(alice, "a")

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert len(alice.get(ORDERS).json()["items"]) == 1


def test_a_conflict_is_kept_too(alice: httpx2.Client) -> None:
    first = post(alice, "a")
    fill_cart(alice)

    second = post(alice, "a")

    assert (second.status_code, second.content) == (409, first.content)
    assert second.json()["request_id"] == first.headers["X-Request-ID"]


def test_another_key_is_another_request(alice: httpx2.Client) -> None:
    fill_cart(alice)
    post(alice, "a")

    assert post(alice, "b").json()["code"] == "cart_empty"


def test_keys_are_ones_own(alice: httpx2.Client, bob: httpx2.Client) -> None:
    fill_cart(alice)
    fill_cart(bob)

    assert post(alice, "a").json()["id"] != post(bob, "a").json()["id"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}])
def test_a_key_is_required(alice: httpx2.Client, headers: dict[str, str]) -> None:
    response = alice.post(ORDERS, headers=headers)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("value", ["x" * 256, "sch\u00f6n", "a\tb"])
def test_a_key_has_printable_ascii_characters(alice: httpx2.Client, value: str) -> None:
    response = alice.post(ORDERS, headers=[(b"Idempotency-Key", value.encode("latin-1"))])

    assert (response.status_code, response.json()["code"]) == (400, "invalid_idempotency_key")


def test_the_longest_key_is_one(alice: httpx2.Client) -> None:
    fill_cart(alice)

    assert post(alice, "~" * 255).status_code == 201
    assert post(alice, "~" * 255).status_code == 201


def test_an_error_of_the_service_leaves_no_trace(
    alice: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_cart(alice)
    alice.event_hooks = {"response": [note_code]}  # The contract has no 500.
    with monkeypatch.context() as patch:
        patch.setattr(OrderService, "check_out", lambda *_arguments: 1 / 0)
        assert post(alice, "a").status_code == 500
    assert database.rows("SELECT count(*) FROM kept_answers") == [(0,)]

    assert post(alice, "a").status_code == 201


def test_a_key_is_free_again_after_a_day(alice: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_cart(alice)
    post(alice, "a")
    post(alice, "b")

    tomorrow = datetime.now(UTC) + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(service, "datetime", SimpleNamespace(now=lambda _zone: tomorrow))

    assert post(alice, "a").json()["code"] == "cart_empty"


def test_expired_answers_are_removed(alice: httpx2.Client, database: Database) -> None:
    post(alice, "a")
    database.execute("UPDATE kept_answers SET expires_at = '2020-01-01 00:00:00'")
    post(alice, "b")

    remove_expired()

    assert database.rows("SELECT key FROM kept_answers") == [("b",)]


def test_a_transaction_removes_only_some_of_many(
    alice: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in "abc":
        post(alice, value)
    database.execute("UPDATE kept_answers SET expires_at = '2020-01-01 00:00:00'")
    monkeypatch.setattr(repository, "SWEPT", 2)

    with answers_in_transaction() as answers:
        removed = answers.remove_expired(datetime.now(UTC))

    assert (removed, database.rows("SELECT count(*) FROM kept_answers")) == (2, [(1,)])


def test_an_account_is_deleted_meanwhile(alice: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CartService, "lock", lambda *_arguments: None)  # It would notice this, too.

    def delete_account() -> int:
        return alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD}).status_code

    with meanwhile(UserRepository, "lock_user", delete_account) as second:
        response = post(alice, "a")

    assert second.result == 204
    assert response.status_code == (409 if second.waited else 401)


def test_a_key_belongs_to_its_first_request(alice: httpx2.Client, database: Database) -> None:
    post(alice, "a")
    database.execute("UPDATE kept_answers SET content_hash = 'of another request'")

    response = post(alice, "a")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert response.json()["errors"][0]["location"] == "header"


def test_nothing_waits_for_the_first_request(alice: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnswerRepository, "lock", lambda *_scope: False)

    response = post(alice, "a")

    assert (response.status_code, response.json()["code"]) == (409, "request_in_progress")


@pytest.mark.slow
def test_a_worker_that_dies_before_its_answer_has_kept_it(alice: httpx2.Client, database: Database) -> None:
    fill_cart(alice)
    command = [sys.executable, "-c", DIES, alice.headers["Authorization"]]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 9
    [(kept,)] = database.rows("SELECT body FROM kept_answers")

    response = post(alice, "a")

    assert (response.status_code, response.content) == (201, bytes(kept))
    assert response.headers["Idempotency-Replayed"] == "true"
    assert database.rows("SELECT count(*) FROM orders") == [(1,)]
