"""Events over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.schemas import Role

from ..accounts import Account
from ..database import Database
from ..passwords import PASSWORD, PASSWORD_HASH
from .feed import Feed

SIGN_UP = {"email": "carol@example.com", "password": PASSWORD, "name": "Carol"}


@pytest.fixture
def feed(admin: httpx2.Client) -> Feed:
    return Feed(admin)


class TestWhatIsRecorded:
    def test_the_life_of_an_account(self, client: httpx2.Client, admin: httpx2.Client, feed: Feed) -> None:
        carol = client.post("/api/v1/auth/signup", json=SIGN_UP).json()
        admin.patch(f"/api/v1/users/{carol['id']}", json={"role": "admin"})
        admin.patch(f"/api/v1/users/{carol['id']}", json={"is_active": False})
        admin.patch(f"/api/v1/users/{carol['id']}", json={"is_active": True})
        admin.patch(f"/api/v1/users/{carol['id']}", json={"role": "user", "is_active": False})

        assert feed.read_about("user") == [
            ("user.created", {"user_id": carol["id"], "role": "user"}),
            ("user.updated", {"user_id": carol["id"], "role": "admin", "changed": ["role"]}),
            ("user.deactivated", {"user_id": carol["id"]}),
            ("user.updated", {"user_id": carol["id"], "role": "admin", "changed": ["is_active"]}),
            ("user.updated", {"user_id": carol["id"], "role": "user", "changed": ["is_active", "role"]}),
            ("user.deactivated", {"user_id": carol["id"]}),
        ]

    def test_a_deleted_account(self, alice: httpx2.Client, feed: Feed) -> None:
        alice_id = alice.get("/api/v1/users/me").json()["id"]
        alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})

        assert feed.read_about("user") == [("user.deactivated", {"user_id": alice_id})]

    @pytest.mark.parametrize("changes", [{}, {"name": "Alice"}])
    def test_no_change_is_no_event(self, alice: httpx2.Client, feed: Feed, changes: dict[str, str]) -> None:
        assert alice.patch("/api/v1/users/me", json=changes).status_code == 200

        assert feed.read() == []

    def test_what_is_refused_is_no_event(self, client: httpx2.Client, alice: httpx2.Client, feed: Feed) -> None:
        assert client.post("/api/v1/auth/signup", json=SIGN_UP | {"email": "alice@example.com"}).status_code == 409

        assert feed.read() == []


class TestListEvents:
    def test_goes_on_after_the_last_one_that_was_seen(self, feed: Feed) -> None:
        for name in ("carol", "dave", "erin"):
            Account(name)

        first, rest = feed.read(limit=1), feed.read(limit=100)

        assert (len(first), len(rest), feed.read()) == (1, 2, [])
        assert feed.read() == []

    def test_begins_with_nothing(self, admin: httpx2.Client, database: Database) -> None:
        database.execute("DELETE FROM events")

        assert admin.get("/api/v1/events").json() == {"items": [], "next_after": None}

    def test_has_those_of_one_type(self, client: httpx2.Client, admin: httpx2.Client) -> None:
        alice = Account("alice")
        admin.patch(f"/api/v1/users/{alice.user.id}", json={"is_active": False})

        page = admin.get("/api/v1/events", params={"type": "user.deactivated"}).json()
        assert [event["data"] for event in page["items"]] == [{"user_id": str(alice.user.id)}]
        assert page["next_after"] == page["items"][0]["id"]

    def test_refuses_to_go_on_after_an_event_that_never_was(self, admin: httpx2.Client) -> None:
        response = admin.get("/api/v1/events", params={"after": "0190a000-0000-7000-8000-000000000000"})

        assert (response.status_code, response.json()["code"]) == (422, "unknown_event")

    def test_does_not_skip_what_commits_late(self, feed: Feed) -> None:
        with accounts_in_transaction() as accounts:
            accounts.users.create_user("late@example.com", "Late", PASSWORD_HASH, Role.USER)
            assert feed.read() == []

        assert [event["type"] for event in feed.read()] == ["user.created"]

    def test_gives_each_event_one_place_when_many_ask_at_once(self, admin: httpx2.Client) -> None:
        for number in range(20):
            Account(f"user{number}")
        with ThreadPoolExecutor(8) as threads:
            pages = list(threads.map(lambda _: admin.get("/api/v1/events?limit=100").json(), range(8)))

        assert [event["type"] for event in pages[0]["items"]] == ["user.created"] * 21
        assert all(page == pages[0] for page in pages)
