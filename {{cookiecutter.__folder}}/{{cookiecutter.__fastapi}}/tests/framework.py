"""What the tests need to know of FastAPI."""

from typing import Any

import httpx2
from starlette.testclient import TestClient

from {{ cookiecutter.__package }}.app import app
from {{ cookiecutter.__package }}.core.problems import Problem, ValidationProblem


def open_client() -> httpx2.Client:
    return TestClient(app)


def generated_contract() -> dict[str, Any]:
    """The contract as FastAPI reads it off the routes."""
    document = app.openapi()
    problem = ValidationProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {
        **problem.pop("$defs"),
        "Problem": Problem.model_json_schema(),
        "ValidationProblem": problem,
    }
    return document
