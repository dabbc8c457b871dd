"""FastAPI, for the tests that all frameworks share."""

from typing import Any

from {{ cookiecutter.__package }}.app import app as app


def generated_contract() -> dict[str, Any]:
    """The contract that FastAPI generates from the routes."""
    return app.openapi()
