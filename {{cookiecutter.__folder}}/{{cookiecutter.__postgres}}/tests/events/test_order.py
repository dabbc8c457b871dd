"""Two transactions commit in another order than they began."""

import httpx2

from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.schemas import Role

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
