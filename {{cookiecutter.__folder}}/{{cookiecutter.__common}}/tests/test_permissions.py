"""Every operation of the contract, called by an anonymous client, by Alice, by Bob and by an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter

import httpx2
import pytest

from {{ cookiecutter.__package }}.system.contract import contract
from {{ cookiecutter.__package }}.users.schemas import Role

from .accounts import Account
from .permissions import CLIENTS, table

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

    def path_of(self, alice: httpx2.Client) -> str:
        names = [name for _, name, _, _ in Formatter().parse(self.path) if name]
        made = table("PATH_IDS")
        for name in names:
            assert name in made, f"{self.name}: PATH_IDS of its permissions.py does not say how to make {name}."
        return self.path.format(**{name: made[name](alice) for name in names})


def operations() -> list[Operation]:
    return [
        Operation(operation["operationId"], method, path, not operation.get("security"))
        for path, methods in contract()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_tables_are_complete() -> None:
    names, told = {operation.name for operation in operations()}, set(table("ANSWERS"))

    assert [f"{name}: no permissions.py says who may call it" for name in sorted(names - told)] == []
    assert [f"{name}: in a permissions.py, but in no openapi.yaml" for name in sorted(told - names)] == []


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
@pytest.mark.parametrize("name", CLIENTS)
def test_only_those_who_may_call_it_get_through(
    operation: Operation, name: str, client: httpx2.Client, open_client: Callable[[], httpx2.Client]
) -> None:
    answers = table("ANSWERS")
    if operation.name not in answers:
        pytest.fail(f"{operation.name}: no permissions.py says who may call it", pytrace=False)
    alice, bob, admin = Account("alice"), Account("bob"), Account("admin", Role.ADMIN)
    headers = {"anonymous": {}, "alice": alice.sign_in(), "bob": bob.sign_in(), "admin": admin.sign_in()}
    with open_client() as alices:
        alices.headers = alice.sign_in()
        path = operation.path_of(alices)
        body = table("BODIES").get(operation.name)
        body = body(alices) if callable(body) else body

    response = client.request(operation.method, path, json=body, headers=headers[name])

    got = "ok" if response.is_success else str(response.status_code)
    assert got == answers[operation.name].split()[CLIENTS.index(name)]
    assert operation.is_open == answers[operation.name].startswith("ok")
    if got == "401":
        assert response.json() == UNAUTHENTICATED | {
            "instance": response.request.url.path,
            "request_id": response.headers["X-Request-ID"],
        }
