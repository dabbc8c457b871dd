"""What the tests need to know of FastAPI."""

from typing import Any

import httpx2
from starlette.testclient import TestClient

from {{ cookiecutter.__package }}.app import app as app
from {{ cookiecutter.__package }}.core.problems import Problem, ValidationProblem


def open_client() -> httpx2.Client:
    return TestClient(app, client=("127.0.0.1", 0))


def generated_contract() -> dict[str, Any]:
    """The contract as FastAPI reads it off the routes."""
    document = app.openapi()
    problem = ValidationProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {
        **problem.pop("$defs"),
        "Problem": Problem.model_json_schema(),
        "ValidationProblem": problem,
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            # FastAPI's own, for path parameters: an id that is none does not reach it.
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]
    return document
