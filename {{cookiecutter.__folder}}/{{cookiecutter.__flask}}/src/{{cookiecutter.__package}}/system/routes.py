"""Probes, and the contract to read."""

from flask import Blueprint, Response

from . import service
from .schemas import Health

bp = Blueprint("system", __name__)


@bp.get("/healthz")
def check_health() -> Response:
    return _json(Health(status="ok").model_dump_json())


@bp.get("/readyz")
def check_readiness() -> Response:
    return _json(service.readiness().model_dump_json())


@bp.get("/openapi.json")
def read_contract() -> Response:
    return _json(service.contract_as_json())


@bp.get("/docs")
def read_docs() -> Response:
    html, policy = service.docs_page()
    return Response(html, headers={"Content-Security-Policy": policy})


def _json(content: str | bytes) -> Response:
    return Response(content, mimetype="application/json")
