"""Who may call what: see tests/permissions.py."""

import httpx2

from ..passwords import PASSWORD

ANSWERS = {
    "read_own_profile": "401 ok ok ok",
    "change_own_profile": "401 ok ok ok",
    "delete_own_account": "401 ok ok 409",
    "list_users": "401 403 403 ok",
    "read_user": "401 ok 404 ok",
    "change_user": "401 403 403 ok",
}


def user_id(alice: httpx2.Client) -> str:
    profile: dict[str, str] = alice.get("/api/v1/users/me").json()
    return profile["id"]


BODIES: dict[str, dict[str, object]] = {
    "change_own_profile": {"name": "Carol"},
    "delete_own_account": {"current_password": PASSWORD},
    "change_user": {"is_active": True},
}

PATH_IDS = {"user_id": user_id}
