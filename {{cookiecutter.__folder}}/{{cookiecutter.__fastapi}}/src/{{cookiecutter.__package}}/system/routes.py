"""Probes, and the contract to read."""

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from ..core.database_url import PROBE_CONNECTIONS
from ..core.routing import problems
from . import service
from .schemas import Health, Readiness

router = APIRouter()
probe_threads = CapacityLimiter(PROBE_CONNECTIONS)


@router.get("/healthz")
async def check_health() -> Health:
    return Health(status="ok")


@router.get("/readyz", responses=problems(503))
async def check_readiness() -> Readiness:
    return await run_sync(service.readiness, limiter=probe_threads)


@router.get("/openapi.json", responses=problems(404))
def read_contract() -> Response:
    return Response(service.contract_as_json(), media_type="application/json")


@router.get("/docs", response_class=HTMLResponse, responses=problems(404))
def read_docs() -> HTMLResponse:
    html, policy = service.docs_page()
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
