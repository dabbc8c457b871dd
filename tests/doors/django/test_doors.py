"""What Django's and Ninja's documentation teaches, in the words of its chapters, in a project of this template."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unittest.mock import patch

import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from django.contrib.auth import authenticate, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, TestCase, override_settings
from django.urls import reverse
from doors.users.models import User

from .asgi import AsgiTransport
from .database import Database
from .passwords import PASSWORD

CREDENTIALS = {"email": "alice@example.com", "password": PASSWORD}
SIGN_IN = {"username": "alice@example.com", "password": PASSWORD}


@pytest.fixture
def client(database: Database) -> Client:
    """Django's own."""
    database.empty()
    ContentType.objects.clear_cache()
    client = Client()
    client.post("/api/v1/auth/signup", CREDENTIALS | {"name": "Alice"}, "application/json")
    return client


@pytest.fixture
def alice(client: Client) -> dict[str, str]:
    """The headers that sign her in."""
    tokens = client.post("/api/v1/auth/login", CREDENTIALS, "application/json").json()
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture
def browser(client: Client, portal: BlockingPortal) -> Iterator[httpx2.Client]:
    """Goes through everything that a request of the server goes through."""
    from .framework import app

    with httpx2.Client(transport=AsgiTransport(app, portal), base_url="http://testserver") as browser:
        yield browser


def sign_in(browser: httpx2.Client, **form: str) -> httpx2.Response:
    browser.get("/admin/login/")
    form = SIGN_IN | form | {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "next": "/admin/"}
    return browser.post("/admin/login/", data=form)


class TestAdmin:
    @pytest.fixture
    def administrator(self, client: Client, database: Database) -> None:
        database.execute("UPDATE users SET role = 'admin'")

    @pytest.mark.usefixtures("administrator")
    def test_an_administrator_signs_in_with_the_password_of_the_service(self, browser: httpx2.Client) -> None:
        response = sign_in(browser)

        assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
        assert "Site administration" in browser.get("/admin/").text

    def test_createsuperuser_says_how_to_create_one(self, client: Client, database: Database) -> None:
        with pytest.raises(CommandError, match="create-admin"):
            call_command("createsuperuser", interactive=False, email="admin@example.com", name="Admin")

    def test_a_user_gets_no_admin(self, browser: httpx2.Client) -> None:
        response = sign_in(browser)

        assert response.status_code == 200
        assert "for a staff account" in response.text
        assert browser.get("/admin/").status_code == 302

    @pytest.mark.usefixtures("administrator")
    def test_a_wrong_password_gets_no_admin(self, browser: httpx2.Client) -> None:
        assert "for a staff account" in sign_in(browser, password="wrong").text

    @pytest.mark.usefixtures("administrator")
    def test_a_form_of_another_site_is_refused(self, browser: httpx2.Client) -> None:
        assert browser.post("/admin/login/", data=SIGN_IN).status_code == 403

    @pytest.mark.usefixtures("administrator")
    def test_attempts_count(self, browser: httpx2.Client, database: Database) -> None:
        database.execute("DELETE FROM login_attempts")

        sign_in(browser, password="wrong")

        assert database.rows("SELECT count(*) FROM login_attempts") == [(1,)]

    @pytest.mark.usefixtures("administrator")
    def test_who_loses_the_role_loses_the_admin(self, browser: httpx2.Client, database: Database) -> None:
        sign_in(browser)

        database.execute("UPDATE users SET role = 'user'")

        assert browser.get("/admin/").status_code == 302

    def test_its_styles_are_served_and_not_blocked(self, browser: httpx2.Client) -> None:
        page = browser.get("/admin/login/")
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
        scripts = re.findall(r'<script src="([^"]+)"', page.text)

        assert styles and all(browser.get(path).headers["Content-Type"].startswith("text/css") for path in styles)
        assert all(browser.get(path).headers["Content-Type"].startswith("text/javascript") for path in scripts)
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]

    @pytest.mark.usefixtures("administrator")
    def test_a_registered_model_is_listed_and_changed(self, browser: httpx2.Client, database: Database) -> None:
        sign_in(browser)
        user = User.objects.get()
        path = f"/admin/users/user/{user.id}/change/"

        assert "alice@example.com" in browser.get("/admin/users/user/").text
        form = {"name": "Alice Liddell", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        assert browser.post(path, data=form).status_code == 302
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]


class TestViews:
    def test_a_form_is_read(self, browser: httpx2.Client, client: Client) -> None:
        assert browser.post("/post", data={"username": "alice"}).text == "alice"
        assert client.post("/post", {"username": "alice"}).content == b"alice"

    def test_a_file_is_uploaded(self, browser: httpx2.Client) -> None:
        assert browser.post("/upload", files={"file": b"hello"}).text == "hello"

    def test_a_body_of_any_kind_is_read(self, browser: httpx2.Client) -> None:
        assert browser.post("/body", content=b"\x00\x01", headers={"Content-Type": "image/png"}).json() == {"size": 2}

    def test_a_session_is_kept(self, browser: httpx2.Client, client: Client) -> None:
        assert [browser.get("/visits").text for _ in range(2)] == ["1", "2"]
        assert [client.get("/visits").content for _ in range(2)] == [b"1", b"2"]

    @pytest.mark.parametrize(
        ("kind", "status", "detail"),
        [
            ("denied", 403, "Not yours."),
            ("missing", 404, "There is no such page."),
            ("suspicious", 400, "Bad Request"),
        ],
    )
    def test_an_exception_of_django_keeps_its_status(
        self, browser: httpx2.Client, client: Client, kind: str, status: int, detail: str
    ) -> None:
        for response in (browser.get(f"/error/{kind}"), client.get(f"/error/{kind}")):
            assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
            assert response.json()["detail"] == detail

    def test_a_view_redirects(self, client: Client) -> None:
        assert client.get("/error/none").headers["Location"] == reverse("visits") == "/visits"

    def test_a_plain_view_commits_each_statement(self, browser: httpx2.Client, database: Database) -> None:
        assert browser.post("/rename").status_code == 403
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_an_atomic_view_rolls_back(self, browser: httpx2.Client, database: Database) -> None:
        assert browser.post("/rename-at-once").status_code == 403
        assert database.rows("SELECT name FROM users") == [("Alice",)]

    def test_a_response_is_streamed(self, browser: httpx2.Client) -> None:
        assert browser.get("/stream").text == "0\n1\n2\n"

    def test_a_view_is_a_class(self, browser: httpx2.Client) -> None:
        assert browser.get("/greeting").text == "hello"
        assert browser.post("/greeting").status_code in {403, 405}

    def test_a_view_takes_some_methods(self, client: Client) -> None:
        response = client.post("/only-get")

        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")

    def test_a_third_party_has_a_middleware(self, client: Client) -> None:
        from django.conf import settings

        with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "doors.shop.views.third_party"]):
            assert Client().get("/api/v1/users/me").headers["X-Third-Party"] == "here"


class TestNinja:
    def test_a_file_is_uploaded(self, browser: httpx2.Client, client: Client) -> None:
        file = BytesIO(b"hello")
        file.name = "a.txt"

        assert browser.post("/api/v1/upload", files={"file": ("a.txt", b"hello")}).json() == "a.txt: hello"
        assert client.post("/api/v1/upload", {"file": file}).json() == "a.txt: hello"
        assert browser.post("/api/v1/upload").status_code == 422

    def test_a_form_is_read(self, browser: httpx2.Client) -> None:
        assert browser.post("/api/v1/form", data={"name": "Foo"}).json() == "Foo"
        assert browser.post("/api/v1/form", data={"price": "1"}).json()["errors"][0]["field"] == "name"

    def test_a_field_and_a_file_come_together(self, browser: httpx2.Client) -> None:
        files = {"file": ("a.txt", b"hello")}

        assert browser.post("/api/v1/fields", data={"username": "alice"}, files=files).json() == "alice: a.txt"

    def test_a_file_of_a_signed_in_user_is_refused_to_others_first(
        self, browser: httpx2.Client, alice: dict[str, str]
    ) -> None:
        files = {"file": ("a.txt", b"hello")}

        assert browser.post("/api/v1/mine", files=files, headers=alice).json() == "alice@example.com"
        assert browser.post("/api/v1/mine", files=files).status_code == 401
        assert browser.post("/api/v1/mine").status_code == 401

    def test_parameters_have_types(self, client: Client) -> None:
        assert client.get("/api/v1/numbers/3?limit=4").json() == [3, 4]
        assert client.get("/api/v1/numbers/three").status_code == 422

    def test_an_operation_returns_a_response(self, client: Client) -> None:
        response = client.get("/api/v1/response")

        assert (response.status_code, response.headers["Content-Type"]) == (202, "application/xml")

    @pytest.mark.parametrize(
        ("kind", "status", "detail"),
        [
            ("conflict", 409, "Somebody was faster."),
            ("denied", 403, "Not yours."),
            ("missing", 404, "There is no such item."),
            ("suspicious", 400, "Bad Request"),
            ("Bob", 404, "No User matches the given query."),
        ],
    )
    def test_an_exception_keeps_its_status(
        self, browser: httpx2.Client, client: Client, kind: str, status: int, detail: str
    ) -> None:
        for response in (browser.get(f"/api/v1/error/{kind}"), client.get(f"/api/v1/error/{kind}")):
            assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
            assert response.json()["detail"] == detail

    def test_an_exception_has_a_handler_of_its_own(self, browser: httpx2.Client) -> None:
        from doors.urls import api

        class UnicornError(Exception):
            pass

        @api.exception_handler(UnicornError)
        def handle(request: HttpRequest, error: Any) -> HttpResponse:
            return api.create_response(request, {"message": "Oops!"}, status=418)

        with patch("doors.shop.api.get_object_or_404", side_effect=UnicornError):
            response = browser.get("/api/v1/error/any")

        assert (response.status_code, response.json()) == (418, {"message": "Oops!"})


@pytest.mark.usefixtures("database")
class TestTestCase(TestCase):
    """Each test in a transaction that is rolled back."""

    def test_it_goes_on_after_an_error(self) -> None:
        before = User.objects.count()
        carol = CREDENTIALS | {"email": "carol@example.com", "name": "Carol"}

        assert self.client.post("/api/v1/auth/signup", carol, "application/json").status_code == 201
        assert self.client.get("/api/v1/error/missing").status_code == 404
        assert self.client.post("/api/v1/auth/refresh", {"refresh_token": "x"}, "application/json").status_code == 401
        assert User.objects.count() == before + 1


class TestClientOfDjango:
    def test_it_gets_a_success(self, client: Client, alice: dict[str, str]) -> None:
        assert client.get("/api/v1/users/me", headers=alice).json()["name"] == "Alice"

    def test_it_gets_a_404(self, client: Client) -> None:
        response = client.get("/nowhere")

        assert (response.status_code, response.json()["detail"]) == (404, "There is nothing at this path.")

    def test_it_gets_a_401(self, client: Client) -> None:
        assert client.get("/api/v1/users/me").status_code == 401

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [("{", "application/json", 400), ("{}", "application/json", 422), ("{}", "text/plain", 415)],
    )
    def test_it_gets_a_refusal(self, client: Client, body: str, content_type: str, status: int) -> None:
        assert client.post("/api/v1/auth/login", body, content_type).status_code == status


class TestUsers:
    def test_the_user_of_django_is_the_one_of_the_service(self) -> None:
        assert get_user_model() is User

    def test_django_authenticates_with_the_password_of_the_service(self, client: Client) -> None:
        request = RequestFactory().get("/")

        assert authenticate(request, **SIGN_IN) == User.objects.get()
        assert authenticate(request, **SIGN_IN | {"password": "wrong"}) is None

    def test_a_test_signs_in_to_plain_views(self, client: Client) -> None:
        client.force_login(User.objects.get())

        assert client.session["_auth_user_id"] == str(User.objects.get().pk)


class TestCommands:
    def test_a_feature_has_its_own(self, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("count_users")

        assert capsys.readouterr().out == "1 users\n"

    @pytest.mark.parametrize(
        "command", ["check", "showmigrations", "makemigrations --check", "count_users", "shell -v0 -c print(User)"]
    )
    def test_manage_runs_those_of_django(self, database: Database, command: str) -> None:
        arguments: list[Any] = [sys.executable, "manage.py", *command.split()]

        subprocess.run(arguments, check=True, env=os.environ | {"DATABASE_URL": database.url})
