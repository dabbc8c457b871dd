"""Transactions and isolation levels, as SQLAlchemy documents them."""

import pytest
from sqlalchemy import text

from {{ cookiecutter.__package }}.core.database import get_engine, open_session

from .database import Database

ISOLATION = text("SHOW transaction_isolation")
STARTED = text("SELECT now() < statement_timestamp()")  # now() is the start of the transaction.


@pytest.fixture(autouse=True)
def one_connection(database: Database) -> None:
    """Each test begins with an empty pool, and so gets one connection again and again."""
    get_engine().dispose()


def test_a_read_has_no_transaction() -> None:
    with open_session(read_only=True) as session:
        assert [session.scalar(STARTED) for _ in range(2)] == [False, False]


def test_what_may_write_has_one() -> None:
    with open_session() as session:
        session.scalar(STARTED)
        assert session.scalar(STARTED) is True


@pytest.mark.parametrize("level", ["SERIALIZABLE", "AUTOCOMMIT"])
def test_an_isolation_level_holds_for_its_connection_and_not_after_it(level: str) -> None:
    with get_engine().connect().execution_options(isolation_level=level) as connection:
        assert connection.scalar(ISOLATION) == {"SERIALIZABLE": "serializable"}.get(level, "read committed")

    with get_engine().connect() as connection:
        assert connection.scalar(ISOLATION) == "read committed"
        connection.execute(text("CREATE TABLE notes (id int)"))
        connection.rollback()
        assert connection.scalar(text("SELECT to_regclass('notes')")) is None


def test_what_can_not_run_in_a_transaction_runs_with_autocommit() -> None:
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE INDEX CONCURRENTLY ix_users_name ON users (name)"))
        connection.execute(text("DROP INDEX CONCURRENTLY ix_users_name"))
