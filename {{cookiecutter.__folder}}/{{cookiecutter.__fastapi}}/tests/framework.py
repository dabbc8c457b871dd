"""What the tests need to know of FastAPI."""

from typing import Any

from {{ cookiecutter.__package }}.app import app as app


def generated_contract() -> dict[str, Any]:
    """The contract as FastAPI reads it off the routes."""
    return app.openapi()
