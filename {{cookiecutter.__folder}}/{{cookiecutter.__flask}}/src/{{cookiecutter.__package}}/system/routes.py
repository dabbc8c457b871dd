"""Probes, and the contract to read."""

from flask import Blueprint, Response

from . import service
from .schemas import Health

routes = Blueprint("system", __name__)


@routes.get("/healthz")
def check_health() -> Response:
    return _json(Health(status="ok").model_dump_json())


@routes.get("/readyz")
def check_readiness() -> Response:
    return _json(service.readiness().model_dump_json())


@routes.get("/openapi.json")
def read_contract() -> Response:
    return _json(service.contract_as_json())


@routes.get("/docs")
def read_docs() -> Response:
    html, policy = service.docs_page()
    return Response(html, headers={"Content-Security-Policy": policy})


def _json(content: str) -> Response:
    return Response(content, mimetype="application/json")
