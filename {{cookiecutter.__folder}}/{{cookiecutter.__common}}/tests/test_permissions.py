"""Every operation of the contract, called by an anonymous client, by Alice, by Bob and by an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter

import httpx2
import pytest

from {{ cookiecutter.__package }}.system.contract import contract
from {{ cookiecutter.__package }}.users.schemas import Role

from .accounts import Account
from .permissions import CLIENTS, missing_tables, table

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
    has_body: bool
    is_paged: bool

    @property
    def answers(self) -> dict[str, str]:
        """By client. Empty where no table says who may call the operation, which one test of its own reports."""
        answers = table("ANSWERS").get(self.name, "").split()
        return dict(zip(CLIENTS, answers, strict=True)) if len(answers) == len(CLIENTS) else {}

    def body_of(self, alice: httpx2.Client) -> object:
        body = table("BODIES").get(self.name)
        assert body is not None or not self.has_body, f"{self.name}: BODIES of its permissions.py has no body for it."
        return body(alice) if callable(body) else body

    def path_of(self, alice: httpx2.Client) -> str:
        names = [name for _, name, _, _ in Formatter().parse(self.path) if name]
        made = table("PATH_IDS")
        for name in names:
            assert name in made, f"{self.name}: PATH_IDS of its permissions.py does not say how to make {name}."
        values = {name: made[name](alice) if callable(made[name]) else made[name] for name in names}
        return self.path.format(**values)


def operations() -> list[Operation]:
    return [
        Operation(
            operation["operationId"],
            method,
            path,
            not operation.get("security") or {} in operation["security"],
            "requestBody" in operation,
            {"$ref": "#/components/parameters/Limit"} in operation.get("parameters", []),
        )
        for path, methods in contract()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_tables_are_complete() -> None:
    names, told = {operation.name for operation in operations()}, set(table("ANSWERS"))

    faults = [
        *(f"Nothing says who may call what: write {path}." for path in missing_tables()),
        *(f"{name}: no permissions.py says who may call it" for name in sorted(names - told)),
        *(f"{name}: in a permissions.py, but in no openapi.yaml" for name in sorted(told - names)),
        *(
            f"{operation.name}: ANSWERS needs an answer for each of {', '.join(CLIENTS)}"
            for operation in operations()
            if operation.name in told and not operation.answers
        ),
    ]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
@pytest.mark.parametrize("name", CLIENTS)
def test_only_those_who_may_call_it_get_through(
    operation: Operation, name: str, client: httpx2.Client, open_client: Callable[[], httpx2.Client]
) -> None:
    if not operation.answers:
        pytest.skip("The tables are not complete.")
    alice, bob, admin = Account("alice"), Account("bob"), Account("admin", Role.ADMIN)
    headers = {"anonymous": {}, "alice": alice.sign_in(), "bob": bob.sign_in(), "admin": admin.sign_in()}
    with open_client() as alices:
        alices.headers = alice.sign_in()
        path, body = operation.path_of(alices), operation.body_of(alices)

    needed = table("HEADERS").get(operation.name, {})
    response = client.request(operation.method, path, json=body, headers=headers[name] | needed)

    got = "ok" if response.is_success else str(response.status_code)
    assert got == operation.answers[name].replace("all", "ok")
    assert operation.is_open == (operation.answers["anonymous"] in {"ok", "all"})
    if got == "401":
        assert response.json() == UNAUTHENTICATED | {
            "instance": response.request.url.path,
            "request_id": response.headers["X-Request-ID"],
        }


@pytest.mark.parametrize(
    "operation",
    [operation for operation in operations() if operation.method == "get" and "{" not in operation.path],
    ids=lambda operation: operation.name,
)
def test_a_list_shows_nothing_of_others(operation: Operation, alice: httpx2.Client, bob: httpx2.Client) -> None:
    ids = [create(alice) for create in table("PATH_IDS").values() if callable(create)]

    answer = bob.get(operation.path).text

    if operation.answers.get("bob") != "all" and any(id_ in answer for id_ in ids):
        pytest.fail(f"{operation.name} shows Bob what belongs to Alice. If it may, its answer is all.", pytrace=False)
