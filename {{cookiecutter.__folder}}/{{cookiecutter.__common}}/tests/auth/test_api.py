"""Auth over HTTP."""

from collections.abc import Callable

import httpx2
import pytest

from ..accounts import Account
from ..passwords import PASSWORD

ALICE = {"email": "alice@example.com", "password": PASSWORD, "name": "Alice"}
CREDENTIALS = {"email": ALICE["email"], "password": ALICE["password"]}


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def own_profile(client: httpx2.Client, tokens: dict[str, str]) -> httpx2.Response:
    return client.get("/api/v1/users/me", headers=bearer(tokens))


def refresh(client: httpx2.Client, tokens: dict[str, str]) -> httpx2.Response:
    return client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})


class TestSignUp:
    def test_opens_an_account(self, client: httpx2.Client) -> None:
        response = client.post("/api/v1/auth/signup", json=ALICE)

        user = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/users/{user['id']}"
        assert user == {
            "id": user["id"],
            "email": "alice@example.com",
            "email_verified": False,
            "name": "Alice",
            "role": "user",
            "is_active": True,
            "created_at": user["created_at"],
        }
        assert user["created_at"].endswith("Z")

    def test_an_email_has_one_account_in_any_spelling(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        response = client.post("/api/v1/auth/signup", json=ALICE | {"email": "ALICE@Example.COM"})

        assert response.status_code == 409
        assert response.json()["code"] == "email_taken"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "alice"),
            ("email", None),
            ("email", "a" * 300 + "@example.com"),
            ("password", "7 chars"),
            ("password", "x" * 129),
            ("password", "with\0nul"),
            ("name", ""),
            ("name", "x" * 101),
            ("name", "with\0nul"),
            ("name", 7),
            ("role", "admin"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, client: httpx2.Client, field: str, value: object) -> None:
        response = client.post("/api/v1/auth/signup", json=ALICE | {field: value})

        problem = response.json()
        assert response.status_code == 422
        assert problem["code"] == "validation_error"
        assert [(error["location"], error["field"]) for error in problem["errors"]] == [("body", field)]

    def test_does_not_repeat_what_was_sent(self, client: httpx2.Client) -> None:
        response = client.post("/api/v1/auth/signup", json=ALICE | {"email": "canary", "name": ["canary"]})

        assert response.status_code == 422
        assert "canary" not in response.text


class TestLogIn:
    def test_gives_tokens(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        response = client.post("/api/v1/auth/login", json=CREDENTIALS)

        assert response.status_code == 200
        assert response.json()["token_type"] == "bearer"
        assert response.json()["expires_in"] == 900
        assert response.headers["Cache-Control"] == "no-store"

    def test_takes_the_email_in_any_case(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        response = client.post("/api/v1/auth/login", json=CREDENTIALS | {"email": "Alice@EXAMPLE.com"})

        assert response.status_code == 200

    def test_a_wrong_password_and_an_unknown_email_look_the_same(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        wrong = client.post("/api/v1/auth/login", json=CREDENTIALS | {"password": "wrong password"})
        unknown = client.post("/api/v1/auth/login", json=CREDENTIALS | {"email": "bob@example.com"})

        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json()["code"] == unknown.json()["code"] == "invalid_credentials"
        assert wrong.json()["detail"] == unknown.json()["detail"]


class TestRefresh:
    def test_trades_a_token_for_new_ones(self, client: httpx2.Client, alice: httpx2.Client) -> None:
        tokens = client.post("/api/v1/auth/login", json=CREDENTIALS).json()

        response = refresh(client, tokens)

        assert response.status_code == 200
        assert response.json()["refresh_token"] != tokens["refresh_token"]
        assert own_profile(client, response.json()).status_code == 200

    def test_a_spent_token_ends_the_session(self, client: httpx2.Client, alice: httpx2.Client) -> None:
        tokens = client.post("/api/v1/auth/login", json=CREDENTIALS).json()
        renewed = refresh(client, tokens).json()

        response = refresh(client, tokens)

        assert response.status_code == 401
        assert response.json()["code"] == "refresh_token_reused"
        assert own_profile(client, renewed).status_code == 401
        assert refresh(client, renewed).json()["code"] == "invalid_refresh_token"
        assert alice.get("/api/v1/users/me").status_code == 200

    def test_refuses_what_it_did_not_issue(self, client: httpx2.Client) -> None:
        response = refresh(client, {"refresh_token": "nonsense"})

        assert response.status_code == 401
        assert response.json()["code"] == "invalid_refresh_token"


class TestLogOut:
    def test_ends_the_session_at_once(self, client: httpx2.Client, alice: httpx2.Client) -> None:
        tokens = client.post("/api/v1/auth/login", json=CREDENTIALS).json()

        response = client.post("/api/v1/auth/logout", headers=bearer(tokens))

        assert response.status_code == 204
        assert response.content == b""
        assert own_profile(client, tokens).status_code == 401
        assert refresh(client, tokens).json()["code"] == "invalid_refresh_token"
        assert alice.get("/api/v1/users/me").status_code == 200


class TestSessions:
    def test_are_listed_newest_first(self, alice: httpx2.Client, sign_in: Callable[[str], httpx2.Client]) -> None:
        sign_in("alice")

        sessions = alice.get("/api/v1/auth/sessions").json()["items"]

        assert [session["current"] for session in sessions] == [False, True]

    def test_are_listed_page_by_page(self, client: httpx2.Client) -> None:
        alice, bob = Account("alice"), Account("bob")
        headers = [account.sign_in() for account in (alice, bob, alice, alice)][-1]
        everything = client.get("/api/v1/auth/sessions", headers=headers).json()

        first = client.get("/api/v1/auth/sessions", params={"limit": 2}, headers=headers).json()
        query = {"limit": 2, "cursor": first["next_cursor"]}
        second = client.get("/api/v1/auth/sessions", params=query, headers=headers).json()

        assert [len(page["items"]) for page in (everything, first, second)] == [3, 2, 1]
        assert first["items"] + second["items"] == everything["items"]
        assert everything["next_cursor"] is second["next_cursor"] is None

    def test_can_be_ended_one_by_one(self, alice: httpx2.Client, sign_in: Callable[[str], httpx2.Client]) -> None:
        other = sign_in("alice")
        [session, _] = alice.get("/api/v1/auth/sessions").json()["items"]

        assert alice.delete(f"/api/v1/auth/sessions/{session['id']}").status_code == 204
        assert alice.delete(f"/api/v1/auth/sessions/{session['id']}").status_code == 404
        assert other.get("/api/v1/users/me").status_code == 401

    def test_of_another_user_do_not_exist(self, alice: httpx2.Client, bob: httpx2.Client) -> None:
        [session] = alice.get("/api/v1/auth/sessions").json()["items"]

        response = bob.delete(f"/api/v1/auth/sessions/{session['id']}")

        assert response.status_code == 404
        assert alice.get("/api/v1/users/me").status_code == 200


class TestPassword:
    def test_changes_and_ends_every_other_session(
        self, client: httpx2.Client, alice: httpx2.Client, sign_in: Callable[[str], httpx2.Client]
    ) -> None:
        other = sign_in("alice")
        change = {"current_password": ALICE["password"], "new_password": "another horse, another staple"}

        response = alice.post("/api/v1/auth/password", json=change)

        assert response.status_code == 204
        assert other.get("/api/v1/users/me").status_code == 401
        assert alice.get("/api/v1/users/me").status_code == 200
        assert client.post("/api/v1/auth/login", json=CREDENTIALS).status_code == 401
        new = CREDENTIALS | {"password": change["new_password"]}
        assert client.post("/api/v1/auth/login", json=new).status_code == 200

    def test_needs_the_present_one(self, alice: httpx2.Client) -> None:
        change = {"current_password": "wrong", "new_password": "another horse, another staple"}

        response = alice.post("/api/v1/auth/password", json=change)

        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"

    @pytest.mark.parametrize("common", ["Password1", "12345678", "jennifer", "00000000", "qwertyuiop"])
    def test_must_not_be_common(self, client: httpx2.Client, alice: httpx2.Client, common: str) -> None:
        change = {"current_password": ALICE["password"], "new_password": common}

        changed = alice.post("/api/v1/auth/password", json=change)
        signed_up = client.post(
            "/api/v1/auth/signup", json={"email": "bob@example.com", "password": common, "name": "Bob"}
        )

        assert changed.status_code == signed_up.status_code == 422
        assert changed.json()["code"] == signed_up.json()["code"] == "password_too_common"
        assert changed.json()["errors"][0]["field"] == "new_password"
        assert signed_up.json()["errors"][0]["field"] == "password"
