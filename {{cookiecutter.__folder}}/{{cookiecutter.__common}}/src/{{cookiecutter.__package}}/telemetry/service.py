"""Traces and metrics, where OTEL_EXPORTER_OTLP_ENDPOINT is set. Otherwise nothing of OpenTelemetry is imported."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.settings import Settings
from .settings import get_settings

if TYPE_CHECKING:
    from ..pipeline.middleware import App


@dataclass
class OutgoingRequest:
    """`headers` carry the trace to the other service. `status` is what it answered."""

    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None


def start_telemetry(**gauges: Callable[[], int]) -> None:
    """Once in each process that answers requests or runs jobs. `gauges` are measured now and then."""
    if get_settings().is_on:
        from .exporting import start

        start(gauges)


def tracing(app: "App", settings: Settings) -> "App":
    """For `MIDDLEWARE`: a span for each request, named by its route."""
    if not get_settings().is_on:
        return app
    from .middleware import Tracing

    return Tracing(app, settings)


def current_traceparent() -> str | None:
    """The span that runs, as in the header of that name (https://www.w3.org/TR/trace-context)."""
    if not get_settings().is_on:
        return None
    from .spans import traceparent

    return traceparent()


@contextmanager
def job_span(name: str, traceparent: str | None) -> Iterator[None]:
    """A span for a job, in the trace of the request that enqueued it."""
    if not get_settings().is_on:
        yield
        return
    from .spans import span_of_job

    with span_of_job(name, traceparent):
        yield


@contextmanager
def outgoing_request(method: str, host: str) -> Iterator[OutgoingRequest]:
    """A span for a request to another service."""
    if not get_settings().is_on:
        yield OutgoingRequest()
        return
    from .spans import span_of_outgoing_request

    with span_of_outgoing_request(method, host) as outgoing:
        yield outgoing
