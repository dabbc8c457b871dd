"""The application and `openapi.yaml` say the same."""

import re
from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from {{ cookiecutter.__package }}.core.contract import contract
from {{ cookiecutter.__package }}.core.errors import ServiceError

from .contract import dereference

PROSE = {"title", "description", "summary", "example", "examples"}


@pytest.fixture(scope="module")
def generated(database: object) -> dict[str, Any]:
    from .framework import generated_contract

    return operations(generated_contract())


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": essence(dereference(operation, document))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def essence(operation: dict[str, Any]) -> dict[str, Any]:
    """What a client relies on."""
    return {
        "operationId": operation["operationId"],
        "security": operation.get("security") or [],
        "parameters": {
            f"{parameter['in']} {parameter['name']}": without_prose(parameter["schema"])
            for parameter in operation.get("parameters", [])
        },
        "request": content(operation.get("requestBody", {})),
        "responses": {str(status): content(answer) for status, answer in operation["responses"].items()},
    }


def content(answer: dict[str, Any]) -> dict[str, Any]:
    return {media_type: without_prose(body["schema"]) for media_type, body in answer.get("content", {}).items()}


def without_prose(schema: Any) -> Any:
    match schema:
        case {"allOf": [only], **rest}:
            return without_prose(only | rest)
        case {"properties": dict(properties), **rest}:
            fields = {name: without_prose(field) for name, field in properties.items()}
            return without_prose(rest) | {"properties": fields, "required": sorted(schema.get("required", []))}
        case dict():
            return {key: without_prose(value) for key, value in schema.items() if key not in PROSE}
        case list():
            return [without_prose(value) for value in schema]
        case _:
            return schema


def codes(kind: type[ServiceError]) -> set[str]:
    own = {kind.code} if "code" in vars(kind) else set()
    return own.union(*map(codes, kind.__subclasses__()))


@pytest.mark.usefixtures("generated")
def test_every_code_is_documented() -> None:
    documented = set(re.findall(r"`(\w+)`", str(contract()["components"])))

    assert codes(ServiceError) == documented


def test_they_have_the_same_operations(generated: dict[str, Any]) -> None:
    assert sorted(generated) == sorted(operations(contract()))


@pytest.mark.parametrize(
    "place",
    [
        ("paths", "/readyz"),
        ("paths", "/api/v1/auth/login", "post", "responses", "401"),
        ("components", "schemas", "UserRead", "properties", "name"),
        ("components", "schemas", "SignUp", "properties", "password", "maxLength"),
    ],
)
def test_a_difference_would_be_seen(place: tuple[str, ...]) -> None:
    document = deepcopy(contract())
    *parents, name = place
    parent = reduce(getitem, parents, document)
    del parent[name]

    assert operations(document) != operations(contract())


@pytest.mark.parametrize("name", operations(contract()))
def test_an_operation_is_the_same_in_both(name: str, generated: dict[str, Any]) -> None:
    assert generated[name] == operations(contract())[name]
