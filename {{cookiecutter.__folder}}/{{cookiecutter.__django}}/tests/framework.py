"""Django, for the tests that all frameworks share."""

import json
from typing import Any

from {{ cookiecutter.__package }}.asgi import application as app
from {{ cookiecutter.__package }}.core.routing import Authentication
from {{ cookiecutter.__package }}.urls import api

__all__ = ["app", "generated_contract"]


def generated_contract() -> dict[str, Any]:
    """The contract that Ninja generates from the operations, with the contract's name for the security scheme."""
    schema = json.dumps(api.get_openapi_schema(path_prefix=""))
    document: dict[str, Any] = json.loads(schema.replace(f'"{Authentication.__name__}"', '"accessToken"'))
    return document
