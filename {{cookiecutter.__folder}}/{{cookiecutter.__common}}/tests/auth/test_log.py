"""What the log says about accounts, and what it never says."""

import io
import json
import logging
from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.users.service import UserService

from ..passwords import PASSWORD

ALICE = {"email": "alice@example.com", "password": PASSWORD}


def events(log: io.StringIO) -> list[dict[str, Any]]:
    """Without the lines of the requests themselves."""
    entries = [json.loads(line) for line in log.getvalue().splitlines()]
    return [entry for entry in entries if entry["event"] != "request" and entry["logger"] != "httpx2"]


def test_who_comes_and_goes(client: httpx2.Client, alice: httpx2.Client, log: io.StringIO) -> None:
    user_id = alice.get("/api/v1/users/me").json()["id"]

    client.post("/api/v1/auth/login", json=ALICE | {"password": "wrong"})
    tokens = client.post("/api/v1/auth/login", json=ALICE).json()
    client.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    failed, signed_in, signed_out = events(log)
    assert (failed["event"], failed["level"], failed["user_id"]) == ("sign_in_failed", "warning", user_id)
    assert failed["client_ip"] == "127.0.0.1"
    assert (signed_in["event"], signed_in["user_id"]) == ("signed_in", user_id)
    assert (signed_out["event"], signed_out["user_id"]) == ("signed_out", user_id)
    assert signed_in["session_id"] == signed_out["session_id"]
    assert len({entry["request_id"] for entry in (failed, signed_in, signed_out)}) == 3


def test_who_tries_too_often(client: httpx2.Client, log: io.StringIO) -> None:
    for _ in range(6):
        client.post("/api/v1/auth/login", json=ALICE)

    [*_, limited] = events(log)
    assert (limited["event"], limited["level"], limited["limit"]) == ("rate_limited", "warning", "login")


def test_a_refresh_token_that_comes_twice(client: httpx2.Client, alice: httpx2.Client, log: io.StringIO) -> None:
    tokens = client.post("/api/v1/auth/login", json=ALICE).json()
    for _ in range(2):
        client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})

    signed_in, reused = events(log)
    assert (reused["event"], reused["level"]) == ("refresh_token_reused", "warning")
    assert (reused["user_id"], reused["session_id"]) == (signed_in["user_id"], signed_in["session_id"])


def test_who_changed_a_role(admin: httpx2.Client, alice: httpx2.Client, log: io.StringIO) -> None:
    [admin_id, user_id] = [person.get("/api/v1/users/me").json()["id"] for person in (admin, alice)]

    admin.patch(f"/api/v1/users/{user_id}", json={"role": "admin"})

    [changed] = events(log)
    assert (changed["event"], changed["user_id"], changed["role"]) == ("user_changed", user_id, "admin")
    assert changed["by"] == admin_id


def test_no_secret_at_any_level(client: httpx2.Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)
    client.event_hooks = {}  # The contract has no 500, which comes last.
    secret = ALICE | {"password": "canary in a password"}
    client.post("/api/v1/auth/signup", json=secret | {"name": "Alice"})
    client.post("/api/v1/auth/signup", json=secret | {"name": "Alice", "canary": "canary"})
    client.post("/api/v1/auth/login", json=secret | {"password": "canary that is wrong"})
    tokens = client.post("/api/v1/auth/login", json=secret).json()
    renewed = client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
    signed_in = {"Authorization": f"Bearer {renewed['access_token']}", "Cookie": "session=canary"}
    change = {"current_password": secret["password"], "new_password": "canary in another password"}
    client.post("/api/v1/auth/password?canary=canary", json=change, headers=signed_in)
    client.get("/api/v1/users/me", headers={"Authorization": "Bearer canary"})
    monkeypatch.delattr(UserService, "replace_password")
    client.post("/api/v1/auth/password", json=change | {"current_password": change["new_password"]}, headers=signed_in)

    written = "\n".join(line for line in log.getvalue().splitlines() if '"httpx2"' not in line)
    assert "AttributeError" in written
    assert "canary" not in written
    for issued in (tokens, renewed):
        assert issued["access_token"] not in written
        assert issued["refresh_token"] not in written
