"""Probes, and the contract to read."""

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from ..core.database import PROBE_THREADS
from . import service
from .schemas import Health, Readiness

router = APIRouter()
probe_threads = CapacityLimiter(PROBE_THREADS)


@router.get("/healthz")
async def check_health() -> Health:
    return Health(status="ok")


@router.get("/readyz")
async def check_readiness() -> Readiness:
    return await run_sync(service.readiness, limiter=probe_threads)


@router.get("/openapi.json")
def read_contract() -> Response:
    return Response(service.contract_as_json(), media_type="application/json")


@router.get("/docs", response_class=HTMLResponse)
def read_docs() -> HTMLResponse:
    html, policy = service.docs_page()
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
