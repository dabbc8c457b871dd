"""The contract, joined from the `openapi.yaml` of the system and of each feature, and the page that shows it."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ..features import FEATURES

PARTS = Path(__file__).parents[1]
API = "/api/"
RESPONSES = "#/components/responses/"

# Swagger UI, from a package that follows its releases.
PACKAGE = "{{ {'fastapi': 'fastapi_swagger', 'django': 'ninja', 'flask': 'flask_swagger_ui'}[cookiecutter.framework] }}"
FOLDER = "{{ {'fastapi': 'resources', 'django': 'static/ninja', 'flask': 'dist'}[cookiecutter.framework] }}"

# A relative URL, because a proxy may have removed a prefix from the path.
START = "SwaggerUIBundle({url: 'openapi.json', dom_id: '#docs', persistAuthorization: true})"

type Document = dict[str, Any]


def contract() -> Document:
    """A new copy for each call."""
    document: Document = json.loads(contract_as_json())
    return document


@cache
def contract_as_json() -> bytes:
    """Raises ValueError when two features define the same."""
    paths = [PARTS / folder / "openapi.yaml" for folder in ("system", *FEATURES)]
    document = join({path: read(path) for path in paths if path.exists()})
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def read(path: Path) -> Document:
    with path.open("rb") as file:  # PyYAML names an open file in its errors.
        document: Document = yaml.safe_load(file)
    return document


def join(parts: Mapping[Path, Document]) -> Document:
    """Joins the parts. Everything except paths and components comes from the first part."""
    _refuse_duplicates(parts)
    paths: Document = {}
    components: Document = {}
    for part in parts.values():
        for kind, definitions in part.get("components", {}).items():
            components.setdefault(kind, {}).update(definitions)
        for path, operations in part.get("paths", {}).items():
            paths.setdefault(path, {}).update(operations)
    for path, operations in paths.items():
        for method, operation in operations.items():
            operations[method] = {**operation, "responses": _responses(path, operation, components)}
    shared = components.get("responses", {})
    for name, response in shared.items():
        shared[name] = {**response, "description": _as_list(response["description"])}
    first = next(iter(parts.values()))
    return {**first, "paths": paths, "components": components}


def _refuse_duplicates(parts: Mapping[Path, Document]) -> None:
    known: dict[str, Path] = {}
    for path, part in parts.items():
        for name in _definitions(part):
            if name in known:
                files = " and ".join(f"{file.parent.name}/{file.name}" for file in (known[name], path))
                raise ValueError(f"{files} both define {name}.")
            known[name] = path


def _definitions(part: Document) -> Iterator[str]:
    for path, operations in part.get("paths", {}).items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}"
            yield f"the operationId {operation['operationId']}"
    for kind, definitions in part.get("components", {}).items():
        yield from (f"#/components/{kind}/{name}" for name in definitions)


def _responses(path: str, operation: Document, components: Document) -> Document:
    by_rule, own = _by_rule(path, operation, components), operation["responses"]
    return {status: _response(own.get(status), by_rule.get(status), components) for status in sorted({*by_rule, *own})}


def _by_rule(path: str, operation: Document, components: Document) -> dict[str, str]:
    """The refusals that follow from what an operation takes; the comment in `openapi.yaml` lists them for readers."""
    if not path.startswith(API):
        return {}
    places = {_resolved(parameter, components)["in"] for parameter in operation.get("parameters", [])}
    has_body = "requestBody" in operation
    rules = {
        "400": ("BadRequest", True),
        "401": ("Unauthorized", bool(operation.get("security"))),
        "404": ("NotFound", "path" in places),
        "408": ("RequestTimeout", has_body),
        "413": ("ContentTooLarge", True),
        "415": ("UnsupportedMediaType", has_body),
        "422": ("UnprocessableContent", has_body or "query" in places),
        "429": ("TooManyRequests", True),
        "503": ("ServiceUnavailable", True),
    }
    return {status: RESPONSES + name for status, (name, applies) in rules.items() if applies}


def _response(own: Document | None, by_rule: str | None, components: Document) -> Document:
    if own is None:
        return {"$ref": by_rule}
    if "$ref" not in own or "description" not in own:
        return own
    # In full, because not every tool reads a description beside a reference.
    response = _resolved({"$ref": own["$ref"]}, components)
    by_rule_too = [response["description"]] if by_rule else []
    return {**response, "description": _as_list("\n".join([*by_rule_too, own["description"]]))}


def _resolved(node: Document, components: Document) -> Document:
    if "$ref" not in node:
        return node
    kind, name = node["$ref"].split("/")[-2:]
    target: Document = components[kind][name]
    return target


def _as_list(lines: str) -> str:
    """A Markdown list, because Markdown would join plain lines."""
    return "\n".join(f"- {line}" for line in lines.splitlines()) if "\n" in lines else lines


@cache
def docs_page() -> tuple[str, str]:
    """The page, which loads only the contract, and its Content-Security-Policy."""
    scripts = [_asset("swagger-ui-bundle.js"), START]
    html = "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f"<title>{escape(contract()['info']['title'])}</title><style>{_asset('swagger-ui.css')}</style></head>",
            '<body><div id="docs"></div>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>",
        ]
    )
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    policy = (
        f"default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy


def _asset(name: str) -> str:
    return (files(PACKAGE) / FOLDER / name).read_text(encoding="utf-8")
