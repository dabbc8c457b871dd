"""Probes, and the contract to read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from ..core.routing import anyone, problems
from . import service
from .schemas import Health, Readiness

PAGE = {"responses": {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}}

router = Router(auth=anyone)


@router.get("/healthz", response=Health)
def check_health(request: HttpRequest) -> Health:
    return Health(status="ok")


@router.get("/readyz", response={200: Readiness, **problems(503)})
def check_readiness(request: HttpRequest) -> Readiness:
    return service.readiness()


@router.get("/openapi.json", response={200: Any, **problems(404)})
def read_contract(request: HttpRequest) -> HttpResponse:
    return HttpResponse(service.contract_as_json(), content_type="application/json")


@router.get("/docs", response={200: None, **problems(404)}, openapi_extra=PAGE)
def read_docs(request: HttpRequest) -> HttpResponse:
    html, policy = service.docs_page()
    return HttpResponse(html, headers={"Content-Security-Policy": policy})
