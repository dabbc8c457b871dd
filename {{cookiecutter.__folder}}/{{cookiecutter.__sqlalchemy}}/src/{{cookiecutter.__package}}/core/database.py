"""Tables, and the session that a request works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Session

from .database_url import database_url
from .engine import create_engine
from .errors import ServiceError
from .settings import get_settings


class UtcDateTime(TypeDecorator[datetime]):
    """Moments in UTC, on every database: SQLite forgets the zone, PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@cache
def get_engine() -> Engine:
    return create_engine(database_url(get_settings()))


def open_session(*, read_only: bool) -> Session:
    """Nothing is connected before the first query."""
    return Session(get_engine().execution_options(read_only=read_only), expire_on_commit=False)


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """A request is a transaction: it commits before the response leaves, so that nobody hears of a success that
    was none, and it rolls back when anything raised. Nothing else commits.
    """
    try:
        yield
        session.commit()
    except BaseException as error:
        if isinstance(error, ServiceError) and error.keeps_changes:
            session.commit()
        session.rollback()
        raise
    finally:
        session.close()
