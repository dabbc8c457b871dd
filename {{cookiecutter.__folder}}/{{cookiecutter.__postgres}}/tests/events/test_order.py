"""Two transactions commit in another order than they began, and two number the same events."""

from concurrent.futures import ThreadPoolExecutor, wait

import httpx2
import psycopg

from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.schemas import Role

from ..accounts import Account
from ..database import Database
from ..passwords import PASSWORD, PASSWORD_HASH
from .feed import Feed


def test_a_reader_that_follows_skips_neither(client: httpx2.Client, admin: httpx2.Client) -> None:
    feed = Feed(admin)

    with accounts_in_transaction() as accounts:
        first = accounts.users.create_user("first@example.com", "First", PASSWORD_HASH, Role.USER)
        body = {"email": "second@example.com", "password": PASSWORD, "name": "Second"}
        second = client.post("/api/v1/auth/signup", json=body).json()
        assert [event["data"]["user_id"] for event in feed.read()] == [second["id"]]

    assert [event["data"]["user_id"] for event in feed.read()] == [str(first.id)]


def test_a_number_that_is_given_meanwhile_stays(admin: httpx2.Client, database: Database) -> None:
    with ThreadPoolExecutor() as threads, psycopg.connect(database.url) as other:
        Account("alice")
        other.execute("UPDATE events SET number = 7 WHERE id = (SELECT min(id::text)::uuid FROM events)")
        page = threads.submit(admin.get, "/api/v1/events")
        assert not wait([page], timeout=0.3).done

    assert len(page.result().json()["items"]) == 2
    assert database.rows("SELECT number FROM events ORDER BY id") == [(7,), (8,)]
