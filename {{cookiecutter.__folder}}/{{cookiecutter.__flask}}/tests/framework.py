"""Flask, for the tests that all frameworks share."""

from typing import Any

from pydantic import TypeAdapter
from werkzeug.routing import Rule

from {{ cookiecutter.__package }}.app import app as flask_app
from {{ cookiecutter.__package }}.app import asgi as app
from {{ cookiecutter.__package }}.core.routing import Authentication, Operation
from {{ cookiecutter.__package }}.pipeline.bridge import route_pattern

__all__ = ["app", "generated_contract"]


def generated_contract() -> dict[str, Any]:
    """The contract as the routes and operations declare it."""
    document: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    for rule in flask_app.url_map.iter_rules():
        view = flask_app.view_functions[rule.endpoint]
        operation = _operation(rule, view, document) if isinstance(view, Operation) else {}
        path = document["paths"].setdefault(route_pattern(rule.rule), {})
        path |= {method.lower(): operation for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return document


def _operation(rule: Rule, view: Operation, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": rule.endpoint.rpartition(".")[2],
        "parameters": _parameters(rule, view, document),
        "security": [{"accessToken": []}] if isinstance(view.who, Authentication) else [],
        "requestBody": _content(TypeAdapter(view.hints[view.body]), document) if view.body else {},
        "responses": {
            view.status: {} if view.returns.core_schema["type"] == "none" else _content(view.returns, document)
        },
    }


def _parameters(rule: Rule, view: Operation, document: dict[str, Any]) -> list[dict[str, Any]]:
    path = [
        {"in": "path", "name": name, "required": True, "schema": _schema(TypeAdapter(view.hints[name]), document)}
        for name in rule.arguments
    ]
    query = _schema(TypeAdapter(view.hints[view.query]), document)["properties"] if view.query else {}
    return [*path, *({"in": "query", "name": name, "schema": schema} for name, schema in query.items())]


def _content(model: TypeAdapter[Any], document: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": _schema(model, document)}}}


def _schema(model: TypeAdapter[Any], document: dict[str, Any]) -> dict[str, Any]:
    schema = model.json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= schema.pop("$defs", {})
    return schema
