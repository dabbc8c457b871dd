"""Tables, the engine, and the session that a request works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy
from psycopg.errors import UniqueViolation
from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy import Numeric as Numeric
from sqlalchemy.dialects.postgresql import insert as insert  # It knows ON CONFLICT.
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session

from .errors import Duplicate, ServiceError
from .postgres import CONNECT_OPTIONS, Connection, database_url
from .settings import ROOT, get_settings

# The requests that a worker works on at a time: many may wait for a connection, or to hash a password.
THREADS = 128
# Of a worker. PostgreSQL by default has 100 to give.
CONNECTIONS = 40
# Probes have their own, so that they answer while all others wait.
PROBE_THREADS = 2


class UtcDateTime(TypeDecorator[datetime]):
    """Times in UTC: PostgreSQL answers in the time zone of the session."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None


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
    url = database_url(settings.database_url, ROOT / "data" / settings.environment)
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: Connection.connect(url, **CONNECT_OPTIONS),
        pool_size=CONNECTIONS + PROBE_THREADS,
        max_overflow=0,
        pool_timeout=CONNECT_OPTIONS["connect_timeout"],
        pool_pre_ping=True,
        hide_parameters=True,  # Otherwise an error would carry them into the log.
    )
    event.listen(engine, "checkin", _reset)
    ping = engine.dialect.do_ping
    engine.dialect.do_ping = lambda it: it.seems_alive() or ping(it)  # type: ignore[assignment]
    return engine


class ReadingSession(Session):
    """In autocommit: a read needs no transaction. An engine with the isolation level AUTOCOMMIT is a fifth slower."""


@event.listens_for(ReadingSession, "after_begin")
def _leave_out_begin(_session: Session, _transaction: Any, connection: sqlalchemy.Connection) -> None:
    if "isolation_level" not in connection.get_execution_options():
        connection.connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]


def _reset(connection: Connection | None, _record: Any) -> None:
    if connection and connection.autocommit and not connection.closed:
        connection.autocommit = False


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
    """Raises Duplicate when another row has a value that must be unique. The transaction, which a reading session does
    not have, can go on: what was written before stays.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise Duplicate from error
        raise


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away. Otherwise the query is wrong."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)
