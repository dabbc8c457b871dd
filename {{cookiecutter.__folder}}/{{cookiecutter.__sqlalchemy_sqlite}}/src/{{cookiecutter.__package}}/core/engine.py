"""How SQLAlchemy meets SQLite."""

import sqlite3
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.sqlite import insert as insert  # It knows ON CONFLICT.
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

BUSY_TIMEOUT_MS = 4000

_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


def create_engine(url: str) -> Engine:
    engine = sqlalchemy.create_engine(url, pool_size=40, max_overflow=0, pool_timeout=4, hide_parameters=True)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away or locked, rather than the query wrong."""
    if isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode & 0xFF in _AWAY
    return isinstance(error, PoolTimeout)


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: the module's own would come too late, and be deferred.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    # Two deferred transactions that read and then write would fail instead of waiting for one another.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
