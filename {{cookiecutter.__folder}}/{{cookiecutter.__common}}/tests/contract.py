"""The contract, as the tests use it."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
import jsonschema_rs

from {{ cookiecutter.__package }}.system.contract import Document, contract

# Operation and code of every refusal in a response to a test.
answered: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: re.Pattern[str]
    responses: Document

    def codes(self, status: str) -> set[str]:
        return codes_in(self.responses[status].get("description", ""))


@cache
def operations() -> list[Operation]:
    """Fixed paths first: `/users/me` before `/users/{user_id}`."""
    document = contract()
    return [
        Operation(
            name=f"{method.upper()} {path}",
            method=method.upper(),
            path=re.compile(re.sub(r"{\w+}", "[^/]+", path)),
            responses=dereference(operation["responses"], document),
        )
        for path, methods in sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        for method, operation in methods.items()
    ]


def check_response(response: httpx2.Response) -> None:
    """Fails when the contract has no such status, code or body for the operation."""
    response.read()
    operation, status, code = _operation_of(response.request), str(response.status_code), _code_of(response)
    if operation is None:
        assert status in {"400", "404", "405"}, f"{response.request.url} is not in the contract"
    else:
        said, undocumented = f"{operation.name} answered {status}", "which no openapi.yaml documents for it"
        assert status in operation.responses, f"{said} `{code}`, {undocumented}"
        assert not code or code in operation.codes(status), f"{said} `{code}`, {undocumented}"
        if content := operation.responses[status].get("content"):
            media_type = response.headers.get("Content-Type", "").split(";")[0]
            assert media_type in content, f"{said} as {media_type}, {undocumented}"
            if media_type.endswith("json"):
                jsonschema_rs.validate(content[media_type]["schema"], response.json())
        else:
            assert not response.content, f"{said} with a body, {undocumented}"
            assert "Content-Type" not in response.headers, f"{said} with a media type, {undocumented}"
    note_code(response)


def note_code(response: httpx2.Response) -> None:
    response.read()
    if code := _code_of(response):
        operation = _operation_of(response.request)
        answered.add((operation.name if operation else "", code))


def documented_codes() -> tuple[set[str], set[tuple[str, str]]]:
    """The codes that any operation may answer, and those that an operation documents for itself."""
    shared = codes_in(str(contract()["components"]))
    own = {
        (operation.name, code)
        for operation in operations()
        for status in operation.responses
        for code in operation.codes(status) - shared
    }
    return shared, own


def unanswered(answered: Set[tuple[str, str]]) -> Iterator[str]:
    shared, own = documented_codes()
    for code in sorted(shared - {code for _, code in answered}):
        yield f"system/openapi.yaml documents `{code}`, but no test got it."
    for name, code in sorted(own - answered):
        yield f"{name} documents `{code}`, but no test got it from there."


def codes_in(description: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", description))


def dereference(node: Any, document: Document) -> Any:
    """`node` with the document's components in the place of their references."""
    match node:
        case {"$ref": str(reference), **beside}:
            target: Any = document
            for key in reference.removeprefix("#/").split("/"):
                target = target[key]
            return dereference(target | beside, document)
        case dict():
            return {key: dereference(value, document) for key, value in node.items()}
        case list():
            return [dereference(value, document) for value in node]
        case _:
            return node


def _operation_of(request: httpx2.Request) -> Operation | None:
    at_path = [operation for operation in operations() if operation.path.fullmatch(request.url.path)]
    return next(
        (operation for operation in at_path if (operation.path, operation.method) == (at_path[0].path, request.method)),
        None,
    )


def _code_of(response: httpx2.Response) -> str | None:
    """None for a success, and for a problem without a body, as for HEAD."""
    is_problem = response.headers.get("Content-Type") == "application/problem+json"
    return response.json()["code"] if is_problem and response.content else None
