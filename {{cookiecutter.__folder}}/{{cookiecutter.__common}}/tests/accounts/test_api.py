"""Accounts, as clients meet them."""

import httpx2
import pytest

ALICE = {"email": "alice@example.com", "password": "correct horse battery staple", "name": "Alice"}
CREDENTIALS = {"email": ALICE["email"], "password": ALICE["password"]}


class TestSignUp:
    def test_opens_an_account(self, client: httpx2.Client) -> None:
        response = client.post("/api/v1/auth/signup", json=ALICE)

        user = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/users/{user['id']}"
        assert user == {
            "id": user["id"],
            "email": "alice@example.com",
            "name": "Alice",
            "role": "user",
            "is_active": True,
            "created_at": user["created_at"],
        }
        assert user["created_at"].endswith("Z")

    def test_an_address_has_one_account_however_it_is_written(self, client: httpx2.Client) -> None:
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

    def test_takes_the_address_in_any_case(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        response = client.post("/api/v1/auth/login", json=CREDENTIALS | {"email": "Alice@EXAMPLE.com"})

        assert response.status_code == 200

    def test_a_wrong_password_and_an_unknown_address_look_the_same(self, client: httpx2.Client) -> None:
        client.post("/api/v1/auth/signup", json=ALICE)

        wrong = client.post("/api/v1/auth/login", json=CREDENTIALS | {"password": "wrong password"})
        unknown = client.post("/api/v1/auth/login", json=CREDENTIALS | {"email": "bob@example.com"})

        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json()["code"] == unknown.json()["code"] == "invalid_credentials"
        assert wrong.json()["detail"] == unknown.json()["detail"]


class TestOwnProfile:
    def test_shows_who_is_signed_in(self, alice: httpx2.Client) -> None:
        response = alice.get("/api/v1/users/me")

        assert response.status_code == 200
        assert response.json()["email"] == "alice@example.com"

    @pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer not.a.token", "Basic YWxpY2U6YQ=="])
    def test_is_for_nobody_else(self, client: httpx2.Client, authorization: str) -> None:
        response = client.get("/api/v1/users/me", headers={"Authorization": authorization})

        assert response.status_code == 401
        assert response.json()["code"] == "unauthenticated"
        assert response.headers["WWW-Authenticate"] == "Bearer"
