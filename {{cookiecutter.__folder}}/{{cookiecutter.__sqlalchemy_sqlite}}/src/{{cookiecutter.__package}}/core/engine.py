"""How SQLAlchemy meets SQLite."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.sqlite import insert as insert  # It knows ON CONFLICT.
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .database_url import CONNECTIONS, PROBE_CONNECTIONS
from .sqlite import PATIENCE_SECONDS, is_away


def create_engine(url: str) -> Engine:
    engine = sqlalchemy.create_engine(
        url,
        pool_size=CONNECTIONS + PROBE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        hide_parameters=True,  # Else an error would carry them into the log.
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def connect_to_migrate(engine: Engine) -> Iterator[Connection]:
    """SQLite replaces a table to change it, which must not delete what refers to its rows."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def check_migration(ctx: MigrationContext, *_step: Any, **_options: Any) -> None:
    """What each migration has to pass before it is committed."""
    if ctx.connection and (orphans := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
        raise RuntimeError(f"The migration leaves rows that refer to nothing: {orphans}")


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away or locked, rather than the query wrong."""
    return is_away(error.orig) if isinstance(error, OperationalError) else isinstance(error, PoolTimeout)


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: the module's own would come too late, and be deferred.
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    # Two deferred transactions that read and then write would fail instead of waiting for one another.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
