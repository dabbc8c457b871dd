"""What the tests need to know of Flask."""

from typing import Any

import httpx2
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from {{ cookiecutter.__package }}.app import app as app
from {{ cookiecutter.__package }}.core.pagination import PageQuery
from {{ cookiecutter.__package }}.core.problems import Problem, ValidationProblem
from {{ cookiecutter.__package }}.core.routing import Caller, Operation
from {{ cookiecutter.__package }}.core.wsgi import route_pattern
from {{ cookiecutter.__package }}.system.schemas import Health, Readiness

JSON = "application/json"
PROBLEM = "application/problem+json"

# The probes and documents are plain views, which declare nothing themselves.
SYSTEM: dict[str, dict[int, tuple[str, Any]]] = {
    "check_health": {200: (JSON, Health)},
    "check_readiness": {200: (JSON, Readiness), 503: (PROBLEM, Problem)},
    "read_contract": {200: (JSON, Any), 404: (PROBLEM, Problem)},
    "read_docs": {200: ("text/html", str), 404: (PROBLEM, Problem)},
}


def open_client() -> httpx2.Client:
    return httpx2.Client(transport=httpx2.WSGITransport(app), base_url="http://testserver")


def generated_contract() -> dict[str, Any]:
    """The contract as the routes and their operations declare it."""
    document: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    for rule in app.url_map.iter_rules():
        path = route_pattern(rule.rule)
        for method in rule.methods or ():
            document["paths"].setdefault(path, {})[method.lower()] = _operation(rule, document)
    return document


def _operation(rule: Rule, document: dict[str, Any]) -> dict[str, Any]:
    name = rule.endpoint.rpartition(".")[2]
    view = app.view_functions[rule.endpoint]
    if not isinstance(view, Operation):
        return {"operationId": name, "responses": _responses(SYSTEM[name], document)}
    answers = {status: (PROBLEM, ValidationProblem if status == 422 else Problem) for status in view.problems}
    return {
        "operationId": name,
        "parameters": _parameters(rule, view),
        "security": [{"accessToken": []}] if isinstance(view.caller, Caller) else [],
        "requestBody": {"content": {JSON: {"schema": _schema(view.body[1], document)}}} if view.body else {},
        "responses": {"204": {}} | _responses(answers, document)
        if view.status == 204
        else _responses({view.status: (JSON, view.returns), **answers}, document),
    }


def _parameters(rule: Rule, view: Operation) -> list[dict[str, Any]]:
    path = [{"in": "path", "name": name, "schema": {"type": "string", "format": "uuid"}} for name in rule.arguments]
    query = PageQuery.model_json_schema()["properties"] if view.takes_query else {}
    return [*path, *({"in": "query", "name": name, "schema": schema} for name, schema in query.items())]


def _responses(answers: dict[int, tuple[str, Any]], document: dict[str, Any]) -> dict[str, Any]:
    return {
        str(status): {"content": {media_type: {"schema": _schema(model, document)}}}
        for status, (media_type, model) in answers.items()
    }


def _schema(model: Any, document: dict[str, Any]) -> dict[str, Any]:
    adapter: TypeAdapter[Any] = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= schema.pop("$defs", {})
    return schema
