"""Users over HTTP."""

import httpx2
import pytest

from ..accounts import Account
from ..database import Database
from ..passwords import PASSWORD

ID = "0192abcd-0000-7000-8000-000000000000"
CREDENTIALS = {"email": "alice@example.com", "password": PASSWORD}


class TestUsers:
    def test_are_listed_for_administrators_page_by_page(
        self, admin: httpx2.Client, alice: httpx2.Client, bob: httpx2.Client
    ) -> None:
        first = admin.get("/api/v1/users", params={"limit": 2}).json()
        second = admin.get("/api/v1/users", params={"limit": 2, "cursor": first["next_cursor"]}).json()

        names = [user["name"] for user in first["items"] + second["items"]]
        assert sorted(names) == ["Admin", "Alice", "Bob"]
        assert second["next_cursor"] is None

    def test_are_not_listed_for_others(self, alice: httpx2.Client, client: httpx2.Client) -> None:
        assert alice.get("/api/v1/users").json()["code"] == "forbidden"
        assert client.get("/api/v1/users").json()["code"] == "unauthenticated"

    @pytest.mark.parametrize("cursor", ["x", "a b", "\0", "é", "A" * 43, "A" * 20_000])
    def test_a_forged_cursor_is_refused(self, admin: httpx2.Client, cursor: str) -> None:
        response = admin.get("/api/v1/users", params={"cursor": cursor})

        assert response.status_code == 422
        assert response.json()["code"] == "invalid_cursor"

    def test_another_spelling_of_a_cursor_is_refused(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        cursor = admin.get("/api/v1/users", params={"limit": 1}).json()["next_cursor"]

        assert admin.get("/api/v1/users", params={"cursor": f"{cursor}="}).json()["code"] == "invalid_cursor"
        assert admin.get("/api/v1/users", params={"cursor": cursor}).status_code == 200

    def test_a_cursor_of_another_list_is_refused(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        cursor = admin.get("/api/v1/users", params={"limit": 1}).json()["next_cursor"]

        assert alice.get("/api/v1/auth/sessions", params={"cursor": cursor}).json()["code"] == "invalid_cursor"

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1.5", "5.0", "+5", "1_0", " 5", "\u0665", "9" * 40])
    def test_a_page_has_its_limits(self, admin: httpx2.Client, limit: str) -> None:
        response = admin.get("/api/v1/users", params={"limit": limit})

        assert response.status_code == 422
        assert [(error["location"], error["field"]) for error in response.json()["errors"]] == [("query", "limit")]

    def test_of_a_parameter_that_comes_twice_the_last_counts(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        assert admin.get("/api/v1/users?limit=x&limit=2").json()["next_cursor"] is None
        assert admin.get("/api/v1/users?limit=2&limit=x").status_code == 422

    def test_one_is_read_by_administrators_and_by_themselves(
        self, admin: httpx2.Client, alice: httpx2.Client, bob: httpx2.Client
    ) -> None:
        path = f"/api/v1/users/{alice.get('/api/v1/users/me').json()['id']}"

        assert admin.get(path).json()["name"] == alice.get(path).json()["name"] == "Alice"
        assert bob.get(path).status_code == 404

    @pytest.mark.parametrize("user_id", ["1", "ME", ID.upper(), "0192abcd" + "0" * 24, f"{ID}%0A"])
    def test_what_is_no_id_is_no_path(self, client: httpx2.Client, user_id: str) -> None:
        assert client.get(f"/api/v1/users/{user_id}").status_code == 404

    def test_a_role_holds_from_the_next_request(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        path = f"/api/v1/users/{alice.get('/api/v1/users/me').json()['id']}"

        assert admin.patch(path, json={"role": "admin"}).json()["role"] == "admin"
        assert alice.get("/api/v1/users").status_code == 200
        assert admin.patch(path, json={"role": "user"}).json()["role"] == "user"
        assert alice.get("/api/v1/users").status_code == 403

    def test_a_locked_account_is_refused_at_the_next_request(
        self, client: httpx2.Client, admin: httpx2.Client, alice: httpx2.Client
    ) -> None:
        path = f"/api/v1/users/{alice.get('/api/v1/users/me').json()['id']}"

        assert admin.patch(path, json={"is_active": False}).json()["is_active"] is False
        assert alice.get("/api/v1/users/me").status_code == 401
        assert client.post("/api/v1/auth/login", json=CREDENTIALS).json()["code"] == "invalid_credentials"
        assert admin.patch(path, json={"is_active": True}).json()["is_active"] is True
        assert alice.get("/api/v1/users/me").status_code == 401

    def test_one_that_does_not_exist_is_not_changed(self, admin: httpx2.Client) -> None:
        response = admin.patch(f"/api/v1/users/{ID}", json={"role": "user"})

        assert response.status_code == 404
        assert response.json()["code"] == "user_not_found"

    @pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
    def test_the_last_administrator_stays(self, admin: httpx2.Client, change: dict[str, object]) -> None:
        path = f"/api/v1/users/{admin.get('/api/v1/users/me').json()['id']}"

        response = admin.patch(path, json=change)

        assert response.status_code == 409
        assert response.json()["code"] == "last_admin"
        assert admin.get("/api/v1/users").status_code == 200

    @pytest.mark.parametrize("change", [{"role": None}, {"role": "root"}, {"is_active": "true"}, {"name": "Alice"}])
    def test_other_changes_are_refused(self, admin: httpx2.Client, change: dict[str, object]) -> None:
        path = f"/api/v1/users/{admin.get('/api/v1/users/me').json()['id']}"

        assert admin.patch(path, json=change).status_code == 422

    def test_a_change_of_nothing_changes_nothing(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        before = alice.get("/api/v1/users/me").json()

        assert admin.patch(f"/api/v1/users/{before['id']}", json={}).json() == before
        assert alice.patch("/api/v1/users/me", json={}).json() == before


class TestOwnProfile:
    def test_shows_who_is_signed_in(self, alice: httpx2.Client) -> None:
        response = alice.get("/api/v1/users/me")

        assert response.status_code == 200
        assert response.json()["email"] == "alice@example.com"

    @pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer not.a.token", "Basic YWxpY2U6YQ=="])
    def test_needs_a_valid_token(self, client: httpx2.Client, authorization: str) -> None:
        response = client.get("/api/v1/users/me", headers={"Authorization": authorization})

        assert response.status_code == 401
        assert response.json()["code"] == "unauthenticated"
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("scheme", ["bearer ", "BEARER ", "Bearer  "])
    def test_takes_the_scheme_of_the_token_in_any_case(self, alice: httpx2.Client, scheme: str) -> None:
        authorization = alice.headers["Authorization"].replace("Bearer ", scheme)

        assert alice.get("/api/v1/users/me", headers={"Authorization": authorization}).status_code == 200

    def test_takes_another_name(self, alice: httpx2.Client) -> None:
        assert alice.patch("/api/v1/users/me", json={"name": "Alice Liddell"}).json()["name"] == "Alice Liddell"
        assert alice.get("/api/v1/users/me").json()["name"] == "Alice Liddell"

    @pytest.mark.parametrize("change", [{"name": None}, {"name": ""}, {"role": "admin"}])
    def test_takes_nothing_else(self, alice: httpx2.Client, change: dict[str, object]) -> None:
        assert alice.patch("/api/v1/users/me", json=change).status_code == 422


class TestDeleteOwnAccount:
    def test_leaves_nothing_but_events_and_nothing_personal(self, alice: httpx2.Client, database: Database) -> None:
        alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})

        rows = {table: database.rows(f"SELECT * FROM {table}") for table in database.tables()}
        assert {table for table in rows if rows[table]} <= {"events", "jobs"}  # Jobs are those of handlers.
        assert "alice" not in str(rows).lower()

    def test_ends_its_sessions_and_frees_its_email(
        self, client: httpx2.Client, alice: httpx2.Client, bob: httpx2.Client
    ) -> None:
        response = alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})

        assert response.status_code == 204
        assert response.content == b""
        assert alice.get("/api/v1/users/me").status_code == 401
        assert client.post("/api/v1/auth/login", json=CREDENTIALS).json()["code"] == "invalid_credentials"
        assert bob.get("/api/v1/users/me").status_code == 200
        assert client.post("/api/v1/auth/signup", json=CREDENTIALS | {"name": "Alice"}).status_code == 201

    def test_needs_the_password(self, alice: httpx2.Client) -> None:
        response = alice.request("DELETE", "/api/v1/users/me", json={"current_password": "wrong"})

        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert alice.get("/api/v1/users/me").status_code == 200

    def test_the_last_administrator_stays(self, admin: httpx2.Client, alice: httpx2.Client) -> None:
        path = f"/api/v1/users/{alice.get('/api/v1/users/me').json()['id']}"
        deletion = {"current_password": PASSWORD}

        assert admin.request("DELETE", "/api/v1/users/me", json=deletion).json()["code"] == "last_admin"
        admin.patch(path, json={"role": "admin"})
        assert admin.request("DELETE", "/api/v1/users/me", json=deletion).status_code == 204

    def test_passwords_can_not_be_guessed_with_a_stolen_token(self, client: httpx2.Client) -> None:
        headers = Account("alice").sign_in()
        guesses = [{"current_password": f"guess {number}"} for number in range(6)]

        answers = [client.request("DELETE", "/api/v1/users/me", json=guess, headers=headers) for guess in guesses]

        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
