"""Spans of jobs, and how a trace goes from one process to another."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject
from structlog.contextvars import bound_contextvars

from .service import OutgoingRequest

tracer = trace.get_tracer(__name__)


def traceparent() -> str | None:
    headers: dict[str, str] = {}
    inject(headers)
    return headers.get("traceparent")


@contextmanager
def span_of_job(name: str, traceparent: str | None) -> Iterator[None]:
    context = extract({"traceparent": traceparent} if traceparent else {})
    with (
        span_of(tracer, f"job {name}", trace.SpanKind.CONSUMER, context) as span,
        bound_contextvars(trace_id=trace_id_of(span)),
    ):
        yield


@contextmanager
def span_of_outgoing_request(method: str, host: str) -> Iterator[OutgoingRequest]:
    """The path of a URL may hold a secret: the span has the host only."""
    with span_of(tracer, method, trace.SpanKind.CLIENT) as span:
        span.set_attributes({"http.request.method": method, "server.address": host})
        outgoing = OutgoingRequest()
        inject(outgoing.headers)
        yield outgoing
        if outgoing.status is not None:
            span.set_attribute("http.response.status_code", outgoing.status)
            if outgoing.status >= 400:
                span.set_status(trace.StatusCode.ERROR)


@contextmanager
def span_of(
    tracer: trace.Tracer, name: str, kind: trace.SpanKind, context: Context | None = None
) -> Iterator[trace.Span]:
    """Of an exception, it has the class only: the text may be anything."""
    with tracer.start_as_current_span(
        name, context, kind, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def trace_id_of(span: trace.Span) -> str:
    return trace.format_trace_id(span.get_span_context().trace_id)
