"""Spans of jobs, and how a trace goes from one process to another."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.propagate import extract, inject
from structlog.contextvars import bound_contextvars

tracer = trace.get_tracer(__name__)


def traceparent() -> str | None:
    headers: dict[str, str] = {}
    inject(headers)
    return headers.get("traceparent")


@contextmanager
def span_of_job(name: str, traceparent: str | None) -> Iterator[None]:
    context = extract({"traceparent": traceparent} if traceparent else {})
    with (
        tracer.start_as_current_span(f"job {name}", context, trace.SpanKind.CONSUMER) as span,
        bound_contextvars(trace_id=trace_id_of(span)),
    ):
        yield


def trace_id_of(span: trace.Span) -> str:
    return trace.format_trace_id(span.get_span_context().trace_id)
