"""Spans of SQL, without its values."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from opentelemetry import trace

from .spans import span_of

tracer = trace.get_tracer(__name__)


def trace_statements() -> None:
    connection_created.connect(_trace_connection)


def gauges() -> dict[str, Callable[[], int]]:
    """None: there is no pool, each thread has its own connection."""
    return {}


def _trace_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if _trace_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_trace_statement)


def _trace_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    operation = sql.split(maxsplit=1)[0].upper() if sql.strip() else "SQL"
    with span_of(tracer, operation, trace.SpanKind.CLIENT) as span:
        span.set_attributes({"db.system.name": context["connection"].vendor, "db.query.text": sql})
        return execute(sql, params, many, context)
