"""What the tests need to know of Django."""

import json
from typing import Any

import httpx2
from django.db import connections

from {{ cookiecutter.__package }}.core.routing import Caller
from {{ cookiecutter.__package }}.urls import api
from {{ cookiecutter.__package }}.wsgi import application

app = application


class Transport(httpx2.WSGITransport):
    def close(self) -> None:
        connections.close_all()  # Those of this thread: Django would leave them to the garbage collector.


def open_client() -> httpx2.Client:
    transport = Transport(app, raise_app_exceptions=False)
    return httpx2.Client(transport=transport, base_url="http://testserver")


def generated_contract() -> dict[str, Any]:
    """The contract as Ninja reads it off the operations, but for two things that it can not say."""
    text = json.dumps(api.get_openapi_schema(path_prefix=""))
    document: dict[str, Any] = json.loads(text.replace(f'"{Caller.__name__}"', '"accessToken"'))
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {"application/problem+json": answer["content"]["application/json"]}
    return document
