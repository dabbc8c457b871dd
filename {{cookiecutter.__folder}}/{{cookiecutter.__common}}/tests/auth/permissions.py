"""Who may call what: see tests/permissions.py."""

from collections.abc import Callable

import httpx2

from ..passwords import PASSWORD
from .email_tokens import new_email_token

NEW_PASSWORD = "another horse, another staple"
ALICE = {"email": "alice@example.com", "password": PASSWORD}

ANSWERS = {
    "sign_up": "ok ok ok ok",
    "log_in": "ok ok ok ok",
    "refresh": "ok ok ok ok",
    "log_out": "401 ok ok ok",
    "list_sessions": "401 ok ok ok",
    "end_session": "401 ok 404 404",
    "change_password": "401 ok ok ok",
    "request_verification": "401 ok ok ok",
    "verify_email": "ok ok ok ok",
    "change_email": "401 ok ok ok",
    "request_password_reset": "ok ok ok ok",
    "reset_password": "ok ok ok ok",
}


def refresh(alice: httpx2.Client) -> dict[str, str]:
    return {"refresh_token": alice.post("/api/v1/auth/login", json=ALICE).json()["refresh_token"]}


def session_id(alice: httpx2.Client) -> str:
    sessions: list[dict[str, str]] = alice.get("/api/v1/auth/sessions").json()["items"]
    return sessions[0]["id"]


BODIES: dict[str, dict[str, str] | Callable[[httpx2.Client], dict[str, str]]] = {
    "sign_up": {"email": "carol@example.com", "password": PASSWORD, "name": "Carol"},
    "log_in": ALICE,
    "refresh": refresh,
    "change_password": {"current_password": PASSWORD, "new_password": NEW_PASSWORD},
    "verify_email": lambda _alice: {"token": new_email_token("verification")},
    "change_email": {"current_password": PASSWORD, "email": "new@example.com"},
    "request_password_reset": {"email": "alice@example.com"},
    "reset_password": lambda _alice: {"token": new_email_token("password_reset"), "new_password": NEW_PASSWORD},
}

PATH_IDS = {"session_id": session_id}
