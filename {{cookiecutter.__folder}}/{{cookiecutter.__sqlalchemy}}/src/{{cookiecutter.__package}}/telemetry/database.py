"""Spans of SQL, without its values, and the connections in use."""

from collections.abc import Callable
from typing import Any

from opentelemetry import trace
from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext

from ..core.database import get_engine

tracer = trace.get_tracer(__name__)


def trace_statements() -> None:
    engine = get_engine()
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def gauges() -> dict[str, Callable[[], int]]:
    return {"db_client_connections_used": lambda: get_engine().pool.checkedout()}  # type: ignore[attr-defined]


def _begin(_connection: Connection, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:
    attributes = {"db.system.name": get_engine().dialect.name, "db.query.text": sql}
    operation = sql.split(maxsplit=1)[0].upper()
    context.span = tracer.start_span(operation, kind=trace.SpanKind.CLIENT, attributes=attributes)


def _end(_connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
    context.span.end()


def _fail(error: ExceptionContext) -> None:
    if span := getattr(error.execution_context, "span", None):
        span.set_status(trace.StatusCode.ERROR, type(error.original_exception).__name__)
        span.end()
