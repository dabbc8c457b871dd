"""The id that one request carries through its answer, its problems and every line of its log."""

import re

import structlog
from uuid_utils.compat import uuid7

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def request_id_for(header: str | None) -> str:
    """The caller's own id when it is harmless in a log, else a new one."""
    return header if header and _ACCEPTED.match(header) else str(uuid7())


def bind_request_id(request_id: str) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def current_request_id() -> str | None:
    """None outside of requests, as in commands."""
    return structlog.contextvars.get_contextvars().get("request_id")
