"""Tables, the engine, and the session that a request works with."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Self

import sqlalchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.dialects.sqlite import insert as insert  # It knows ON CONFLICT.
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from .errors import Duplicate, ServiceError
from .settings import ROOT, get_settings
from .sqlite import TIMEOUT_SECONDS, database_url, is_away, is_duplicate

# The requests that a worker works on at a time: most may wait, for a lock or to hash a password.
THREADS = 128
# Probes have their own, so that they answer while all others wait.
PROBE_THREADS = 2


class UtcDateTime(TypeDecorator[datetime]):
    """Times in UTC: SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Numeric(TypeDecorator[Decimal]):
    """Decimals, which SQLite keeps as floats: exact up to 15 digits."""

    impl = sqlalchemy.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale, asdecimal=False)
        self.scale = scale

    def process_result_value(self, value: float | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else round(Decimal(value), self.scale)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@cache
def get_engine() -> Engine:
    settings = get_settings()
    engine = sqlalchemy.create_engine(
        database_url(settings.database_url, ROOT / "data" / settings.environment),
        pool_size=THREADS + PROBE_THREADS,
        max_overflow=0,
        pool_timeout=TIMEOUT_SECONDS,
        hide_parameters=True,  # Otherwise an error would carry them into the log.
        connect_args={"factory": Connection},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "checkin", _reset)
    # The event "begin" would do as well, but an engine with an event runs each statement slower.
    engine.dialect.do_begin = _begin  # type: ignore[assignment]
    return engine


class Connection(sqlite3.Connection):
    """With `begin_next`, the next statement begins a transaction, and waits for those that write."""

    begin_next = False

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        self.begin_next = False
        super().commit()

    def rollback(self) -> None:
        self.begin_next = False
        super().rollback()


class Cursor(sqlite3.Cursor):
    connection: Connection

    def execute(self, *statement: Any) -> Self:
        self._begin()
        return super().execute(*statement)

    def executemany(self, *statement: Any) -> Self:
        self._begin()
        return super().executemany(*statement)

    def _begin(self) -> None:
        if self.connection.begin_next and not self.connection.in_transaction:
            # Two deferred transactions that read and then write would fail. Immediate ones wait for each other.
            super().execute("BEGIN IMMEDIATE")
        self.connection.begin_next = False


def _begin(connection: Any) -> None:
    connection.dbapi_connection.begin_next = connection.dbapi_connection.isolation_level is not None


class ReadingSession(Session):
    """In autocommit: a read needs no transaction, and must not wait for those that write.

    If it writes all the same, each row commits by itself, and a result has to be read to its end.
    """


@event.listens_for(ReadingSession, "after_begin")
def _leave_out_begin(_session: Session, transaction: SessionTransaction, connection: sqlalchemy.Connection) -> None:
    if not transaction.nested and "isolation_level" not in connection.get_execution_options():
        driver: Any = connection.connection.dbapi_connection
        driver.begin_next, driver.isolation_level = False, None


def _reset(connection: Connection | None, _record: Any) -> None:
    if connection:
        connection.isolation_level = "IMMEDIATE"


def open_session(*, read_only: bool = False) -> Session:
    """A session that connects at its first query, and can not be used again when it is closed."""
    return (ReadingSession if read_only else Session)(get_engine(), expire_on_commit=False, close_resets_only=False)


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """Commits, or rolls back after an exception. Both give the connection back."""
    try:
        yield
        session.commit()
    except BaseException as error:
        undo(session, error)
        raise


def undo(session: Session, error: BaseException) -> None:
    """Rolls back, unless the error keeps what was done."""
    try:
        if isinstance(error, ServiceError) and error.keeps_changes:
            session.commit()
    finally:
        session.rollback()


@contextmanager
def catch_duplicate(session: Session) -> Iterator[None]:
    """Raises Duplicate when another row has a value that must be unique. The transaction can go on: what was written
    before stays.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if is_duplicate(error.orig):
            raise Duplicate from error
        raise


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away or locked. Otherwise the query is wrong."""
    return is_away(error.orig) if isinstance(error, OperationalError) else isinstance(error, PoolTimeout)


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"  # Also of the transactions that the driver begins without SQLAlchemy.
    connection.execute(f"PRAGMA busy_timeout = {TIMEOUT_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
