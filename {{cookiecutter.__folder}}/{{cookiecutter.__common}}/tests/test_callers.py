"""Who may call what: every operation of the contract, as nobody, as a user, as another user and as an administrator."""

from dataclasses import dataclass

import httpx2
import pytest

from {{ cookiecutter.__package }}.accounts.schemas import Role
from {{ cookiecutter.__package }}.core.contract import contract

from .conftest import PASSWORD
from .people import Person

PEOPLE = ["nobody", "alice", "bob", "admin"]
# What nobody, Alice, Bob and an administrator hear of what is Alice's: a status, or `ok` for a success.
CALLERS = {
    "check_health": "ok ok ok ok",
    "check_readiness": "ok ok ok ok",
    "read_contract": "ok ok ok ok",
    "read_docs": "ok ok ok ok",
    "sign_up": "ok ok ok ok",
    "log_in": "ok ok ok ok",
    "refresh": "ok ok ok ok",
    "log_out": "401 ok ok ok",
    "list_sessions": "401 ok ok ok",
    "end_session": "401 ok 404 404",
    "change_password": "401 ok ok ok",
    "read_own_profile": "401 ok ok ok",
    "change_own_profile": "401 ok ok ok",
    "list_users": "401 403 403 ok",
    "read_user": "401 ok 404 ok",
    "change_user": "401 403 403 ok",
}

BODIES = {
    "sign_up": {"email": "carol@example.com", "password": PASSWORD, "name": "Carol"},
    "log_in": {"email": "alice@example.com", "password": PASSWORD},
    "change_password": {"current_password": PASSWORD, "new_password": "another horse, another staple"},
    "change_own_profile": {"name": "Somebody"},
    "change_user": {"is_active": True},
}

UNAUTHENTICATED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "A valid access token is needed.",
    "code": "unauthenticated",
}


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    is_open: bool


def operations() -> list[Operation]:
    return [
        Operation(operation["operationId"], method, path, not operation.get("security"))
        for path, methods in contract()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_table_is_complete() -> None:
    assert sorted(operation.name for operation in operations()) == sorted(CALLERS)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
@pytest.mark.parametrize("caller", PEOPLE)
def test_only_who_may_call_it_gets_through(operation: Operation, caller: str, client: httpx2.Client) -> None:
    alice, bob, admin = Person("alice", Role.USER), Person("bob", Role.USER), Person("admin", Role.ADMIN)
    headers = {"nobody": {}, "alice": alice.sign_in(), "bob": bob.sign_in(), "admin": admin.sign_in()}
    tokens = alice.open_session()
    sessions = client.get("/api/v1/auth/sessions", headers=headers["alice"]).json()["items"]
    path = operation.path.format(user_id=alice.user.id, session_id=sessions[0]["id"])
    body = {"refresh_token": tokens.refresh_token} if operation.name == "refresh" else BODIES.get(operation.name)

    response = client.request(operation.method, path, json=body, headers=headers[caller])

    heard = "ok" if response.is_success else str(response.status_code)
    assert heard == CALLERS[operation.name].split()[PEOPLE.index(caller)]
    assert operation.is_open == CALLERS[operation.name].startswith("ok")
    if heard == "401":
        assert response.json() == UNAUTHENTICATED | {
            "instance": response.request.url.path,
            "request_id": response.headers["X-Request-ID"],
        }
