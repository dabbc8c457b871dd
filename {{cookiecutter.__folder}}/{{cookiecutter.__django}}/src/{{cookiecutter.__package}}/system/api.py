"""Probes, and the contract to read."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from ..core.routing import anyone
from . import service
from .schemas import Health, Readiness

router = Router(auth=anyone)


@router.get("/healthz", response=Health)
def check_health(request: HttpRequest) -> Health:
    return Health(status="ok")


@router.get("/readyz", response=Readiness)
def check_readiness(request: HttpRequest) -> Readiness:
    return service.readiness()


@router.get("/openapi.json")
def read_contract(request: HttpRequest) -> HttpResponse:
    return HttpResponse(service.contract_as_json(), content_type="application/json")


@router.get("/docs")
def read_docs(request: HttpRequest) -> HttpResponse:
    html, policy = service.docs_page()
    return HttpResponse(html, headers={"Content-Security-Policy": policy})
