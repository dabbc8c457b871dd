"""Webhooks over HTTP."""

from socket import gaierror

import httpx2
import pytest

from ..database import Database
from ..jobs.running import run_due_jobs
from .conftest import add_webhook
from .factories import URL

UNKNOWN = "0190a000-0000-7000-8000-000000000000"


class TestAddWebhook:
    def test_shows_the_secret_this_once(self, admin: httpx2.Client) -> None:
        response = admin.post("/api/v1/webhooks", json={"url": URL, "types": ["user.created"], "description": "CRM"})

        added = response.json()
        secret = added.pop("secret")
        assert (response.status_code, secret[:6], len(secret)) == (201, "whsec_", 50)
        assert response.headers["Location"] == f"/api/v1/webhooks/{added['id']}"
        assert admin.get(f"/api/v1/webhooks/{added['id']}").json() == added
        assert admin.get("/api/v1/webhooks").json()["items"] == [added]
        assert added["types"] == ["user.created"]
        assert added["is_active"] is True

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "8.8.8.8",
            "ftp://8.8.8.8/",
            "file:///etc/passwd",
            "https://",
            "https://user:password@8.8.8.8/",
            "https://user@8.8.8.8/",
            "https://8.8.8.8/#fragment",
            "https://8.8.8.8/ x",
            "https:\\\\8.8.8.8",
            "https://8.8.8.8:99999/",
            "https://./",
            "https://a..example.com/",
            f"https://8.8.8.8/{'x' * 2000}",
            7,
            None,
        ],
    )
    def test_refuses_what_is_no_url_to_send_to(self, admin: httpx2.Client, url: object) -> None:
        response = admin.post("/api/v1/webhooks", json={"url": url})

        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "url")

    @pytest.mark.parametrize("types", [["user"], ["User.created"], ["user.created"] * 101, "user.created", [7]])
    def test_refuses_what_is_no_type_of_events(self, admin: httpx2.Client, types: object) -> None:
        assert admin.post("/api/v1/webhooks", json={"url": URL, "types": types}).status_code == 422

    def test_takes_a_name_that_nobody_knows_yet(self, admin: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def look_up(*_arguments: object, **_options: object) -> None:
            raise gaierror

        monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.addresses.getaddrinfo", look_up)

        add_webhook(admin, "https://not-yet.example.com/hook")


class TestChangeWebhook:
    def test_changes_what_is_sent(self, admin: httpx2.Client) -> None:
        added = add_webhook(admin, URL)
        added.pop("secret")
        changes = {"url": "https://1.1.1.1/", "types": ["user.updated"], "description": "x", "is_active": False}

        for name, value in changes.items():
            response = admin.patch(f"/api/v1/webhooks/{added['id']}", json={name: value})
            added[name] = value
            assert response.json() == added

    def test_changes_nothing_without_a_change(self, admin: httpx2.Client, database: Database) -> None:
        path = f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}"
        database.execute("UPDATE webhooks SET failures = 3", "DELETE FROM jobs")

        for changes in ({}, {"url": URL}, {"description": "x"}):
            assert admin.patch(path, json=changes).status_code == 200

        assert database.rows("SELECT failures FROM webhooks") == [(3,)]
        assert database.rows("SELECT * FROM jobs") == []

    def test_refuses_an_address_that_is_not_public(self, admin: httpx2.Client) -> None:
        added = add_webhook(admin, URL)

        response = admin.patch(f"/api/v1/webhooks/{added['id']}", json={"url": "http://127.0.0.1/"})

        assert (response.status_code, response.json()["code"]) == (422, "forbidden_address")
        assert admin.get(f"/api/v1/webhooks/{added['id']}").json()["url"] == URL


class TestListWebhooks:
    def test_goes_on_with_the_next_page(self, admin: httpx2.Client) -> None:
        added = [add_webhook(admin, URL)["id"] for _ in range(3)]

        first = admin.get("/api/v1/webhooks", params={"limit": 2}).json()
        second = admin.get("/api/v1/webhooks", params={"limit": 2, "cursor": first["next_cursor"]}).json()

        assert [each["id"] for each in first["items"] + second["items"]] == added[::-1]
        assert second["next_cursor"] is None

    def test_refuses_a_cursor_of_another_list(self, admin: httpx2.Client) -> None:
        assert admin.get("/api/v1/webhooks", params={"cursor": "x"}).json()["code"] == "invalid_cursor"


class TestListDeliveries:
    def test_has_those_of_one_status(self, admin: httpx2.Client) -> None:
        path = f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}"
        admin.post(f"{path}/test")

        for status, count in {"pending": 1, "delivered": 0, "failed": 0}.items():
            page = admin.get(f"{path}/deliveries", params={"status": status}).json()
            assert [item["status"] for item in page["items"]] == [status] * count
        assert admin.get(f"{path}/deliveries", params={"status": "lost"}).status_code == 422

    def test_refuses_a_cursor_of_another_webhook(self, admin: httpx2.Client) -> None:
        one, other = (f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}" for _ in range(2))
        admin.post(f"{one}/test")
        admin.post(f"{one}/test")
        cursor = admin.get(f"{one}/deliveries", params={"limit": 1}).json()["next_cursor"]

        assert len(admin.get(f"{one}/deliveries", params={"cursor": cursor}).json()["items"]) == 1
        assert admin.get(f"{other}/deliveries", params={"cursor": cursor}).json()["code"] == "invalid_cursor"

    def test_shows_those_of_this_webhook_only(self, admin: httpx2.Client) -> None:
        one, other = (f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}" for _ in range(2))
        admin.post(f"{one}/test")
        [delivery] = admin.get(f"{one}/deliveries").json()["items"]

        assert admin.get(f"{other}/deliveries").json()["items"] == []
        response = admin.post(f"{other}/deliveries/{delivery['id']}/retry")
        assert (response.status_code, response.json()["code"]) == (404, "delivery_not_found")


class TestAWebhookThatThereIsNot:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/secret"),
            ("GET", "/deliveries"),
            ("POST", f"/deliveries/{UNKNOWN}/retry"),
            ("POST", "/test"),
        ],
    )
    def test_is_not_found(self, admin: httpx2.Client, method: str, path: str) -> None:
        body: dict[str, str] | None = {} if method == "PATCH" else None
        response = admin.request(method, f"/api/v1/webhooks/{UNKNOWN}{path}", json=body)

        assert (response.status_code, response.json()["code"]) == (404, "webhook_not_found")


class TestAnInactiveWebhook:
    def test_is_sent_nothing(self, admin: httpx2.Client) -> None:
        path = f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}"
        admin.post(f"{path}/test")
        [delivery] = admin.get(f"{path}/deliveries").json()["items"]
        admin.patch(path, json={"is_active": False})

        for refused in (admin.post(f"{path}/test"), admin.post(f"{path}/deliveries/{delivery['id']}/retry")):
            assert (refused.status_code, refused.json()["code"]) == (409, "webhook_inactive")


class TestRemoveWebhook:
    def test_removes_its_deliveries(self, admin: httpx2.Client, database: Database) -> None:
        path = f"/api/v1/webhooks/{add_webhook(admin, URL)['id']}"
        admin.post(f"{path}/test")

        assert admin.delete(path).status_code == 204
        assert (admin.get(path).status_code, admin.delete(path).status_code) == (404, 404)
        assert admin.get("/api/v1/webhooks").json()["items"] == []
        run_due_jobs()
        assert database.rows("SELECT * FROM webhook_deliveries") == database.rows("SELECT * FROM webhooks") == []
