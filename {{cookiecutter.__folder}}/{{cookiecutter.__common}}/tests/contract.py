"""The committed contract, as the tests use it."""

import re
from typing import Any

import httpx2
import jsonschema_rs

from {{ cookiecutter.__package }}.core.contract import contract


def check_response(response: httpx2.Response) -> None:
    """Fails when the contract does not know this status of this operation, or the body is none of its schema."""
    response.read()
    operation = _operation(response.request)
    if operation is None:
        assert response.status_code in {400, 404, 405}, f"{response.request.url} is not in the contract"
        return
    answers = operation["responses"]
    assert str(response.status_code) in answers, f"{operation['operationId']} may not answer {response.status_code}"
    answer = dereference(answers[str(response.status_code)], contract())
    media_type = response.headers.get("Content-Type", "").split(";")[0]
    if "content" in answer:
        assert media_type in answer["content"], f"{operation['operationId']} may not answer {media_type}"
        if media_type.endswith("json"):
            jsonschema_rs.validate(answer["content"][media_type]["schema"], response.json())


def dereference(node: Any, document: dict[str, Any]) -> Any:
    """`node` with the document's components in the place of their references."""
    match node:
        case {"$ref": str(reference)}:
            target: Any = document
            for key in reference.removeprefix("#/").split("/"):
                target = target[key]
            return dereference(target, document)
        case dict():
            return {key: dereference(value, document) for key, value in node.items()}
        case list():
            return [dereference(value, document) for value in node]
        case _:
            return node


def _operation(request: httpx2.Request) -> dict[str, Any] | None:
    for path, operations in contract()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), request.url.path):
            operation: dict[str, Any] | None = operations.get(request.method.lower())
            return operation
    return None
