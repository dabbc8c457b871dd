"""What the tests need to know of Django."""

import json
from typing import Any

from {{ cookiecutter.__package }}.asgi import application as app
from {{ cookiecutter.__package }}.core.routing import Authentication
from {{ cookiecutter.__package }}.urls import api

__all__ = ["app", "generated_contract"]


def generated_contract() -> dict[str, Any]:
    """The contract as Ninja reads it off the operations, with the contract's name for who calls."""
    schema = json.dumps(api.get_openapi_schema(path_prefix=""))
    document: dict[str, Any] = json.loads(schema.replace(f'"{Authentication.__name__}"', '"accessToken"'))
    return document
