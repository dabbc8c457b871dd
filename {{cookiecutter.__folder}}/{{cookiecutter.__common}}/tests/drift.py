"""The differences between the code and the contract, as sentences."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from {{ cookiecutter.__package }}.system.contract import API, Document, join

from .contract import dereference

PROSE = {"title", "description", "summary", "example", "examples"}
MISSING = object()


def differences(parts: Mapping[Path, Document], generated: Document) -> Iterator[str]:
    """`parts` as `join` takes them, `generated` comes from the routes.

    Refusals are not compared: no route declares them, and `check_response` looks at each one that a test gets.
    """
    document = join(parts)
    contract, code = _operations(document), _operations(generated)
    for path, part in parts.items():
        feature = path.parent.name
        for name in _operations(part):
            if name not in code:
                yield f"{name} is in {feature}/{path.name}, but no route serves it: is {feature} in features.py?"
    for name, operation in code.items():
        if name not in contract:
            yield f"{name} is served, but no openapi.yaml has it"
        elif f" {API}" in name:  # Probes and documents are plain views, which do not declare what they answer.
            yield from _compare(f"{name}: ", _essence(contract[name], document), _essence(operation, generated))


def _operations(document: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": operation
        for path, operations in document.get("paths", {}).items()
        for method, operation in operations.items()
    }


def _essence(operation: Document, document: Document) -> Document:
    """What a client relies on, each under its name in a sentence."""
    essence: Document = {
        "operationId": operation["operationId"],
        "security": [name for scheme in operation.get("security") or [] for name in scheme],
    }
    for parameter in dereference(operation.get("parameters", []), document):
        if parameter["in"] == "header":
            continue  # No route declares one: what needs it reads it, and has tests of its own.
        schema = {"required": parameter.get("required", False), **_schema(_without_null(parameter["schema"]))}
        essence[f"{parameter['in']} parameter {parameter['name']}"] = schema
    essence |= _contents("request", dereference(operation.get("requestBody", {}), document))
    for status, response in operation["responses"].items():
        if int(status) < 400:
            essence |= {f"response {status}": {}} | _contents(f"response {status}", dereference(response, document))
    return essence


def _contents(name: str, message: Document) -> Document:
    """The schema of JSON is under `name`; that of another media type is under `name` and the media type."""
    return {
        name if media_type == "application/json" else f"{name} {media_type}": _schema(body["schema"])
        for media_type, body in message.get("content", {}).items()
    }


def _without_null(schema: Document) -> Document:
    """Of a parameter, which can be left out but not be null: in code, `bool | None = None`."""
    match schema:
        case {"anyOf": [only, {"type": "null"}], **rest}:
            return {**rest, **only}
    return schema


def _schema(schema: Any) -> Any:
    """Without prose. Each field says whether it is required."""
    match schema:
        case {"allOf": [only], **rest}:
            return _schema(only | rest)
        case {"properties": dict(properties)}:
            required = schema.get("required", [])
            fields = {name: {"required": name in required, **_schema(field)} for name, field in properties.items()}
            others = {key: value for key, value in schema.items() if key not in {"properties", "required"}}
            return {**_schema(others), "properties": fields}
        case dict():
            # A field that may be null may be left out. Not every generator gives the default, which is null then.
            said = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
            return {key: _schema(value) for key, value in said.items() if key not in PROSE}
        case list():
            return [_schema(value) for value in schema]
        case _:
            return schema


def _compare(place: str, contract: Any, code: Any) -> Iterator[str]:
    match contract, code:
        case dict(), dict():
            for key in {**contract, **code}:
                inside = place if key == "properties" else f"{place}{key}."
                yield from _compare(inside, contract.get(key, MISSING), code.get(key, MISSING))
        case _ if contract != code:
            yield f"{place.rstrip('.')} is {_said(contract)} in openapi.yaml, {_said(code)} in the code"


def _said(value: Any) -> str:
    if value is MISSING:
        return "missing"
    return "defined" if isinstance(value, dict) else json.dumps(value).replace('"', "")
