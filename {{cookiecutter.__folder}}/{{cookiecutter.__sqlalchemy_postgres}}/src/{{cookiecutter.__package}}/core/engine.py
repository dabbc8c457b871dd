"""How SQLAlchemy meets PostgreSQL."""

from typing import Any

import sqlalchemy
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert as insert  # It knows ON CONFLICT.
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .database_url import CONNECTIONS, PROBE_CONNECTIONS
from .postgres import CONNECT_OPTIONS, PATIENCE_SECONDS, Connection


def create_engine(url: str) -> Engine:
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: Connection.connect(url, **CONNECT_OPTIONS),
        pool_size=CONNECTIONS + PROBE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # Else an error would carry them into the log.
    )


def connect_to_migrate(engine: Engine) -> SqlConnection:
    return engine.connect()


def check_migration(*_step: Any, **_options: Any) -> None:
    """Nothing to check: PostgreSQL does."""


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away, rather than the query wrong."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)
