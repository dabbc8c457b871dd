"""Transactions and isolation levels, as SQLAlchemy documents them."""

import pytest
from sqlalchemy import text

from {{ cookiecutter.__package }}.core.database import get_engine, open_session

from .database import Database

ISOLATION = text("SHOW transaction_isolation")
STARTED = text("SELECT now() < statement_timestamp()")  # now() is the start of the transaction.


@pytest.fixture(autouse=True)
def tables(database: Database) -> None:
    """The engine connects to the database of this test."""


def test_a_read_has_no_transaction() -> None:
    with open_session(read_only=True) as session:
        assert [session.scalar(STARTED) for _ in range(2)] == [False, False]


def test_what_may_write_has_one() -> None:
    with open_session() as session:
        session.scalar(STARTED)
        assert session.scalar(STARTED) is True


def test_an_isolation_level_holds_for_its_connection_and_no_other() -> None:
    with get_engine().connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        assert connection.scalar(ISOLATION) == "serializable"

    with get_engine().connect() as connection:
        assert connection.scalar(ISOLATION) == "read committed"
        connection.execute(text("CREATE TEMPORARY TABLE notes (id int) ON COMMIT PRESERVE ROWS"))
        connection.rollback()
        assert connection.scalar(text("SELECT to_regclass('notes')")) is None


def test_what_can_not_run_in_a_transaction_runs_with_autocommit() -> None:
    """As in Alembic's `autocommit_block`."""
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE INDEX CONCURRENTLY ix_users_name ON users (name)"))
        connection.execute(text("DROP INDEX CONCURRENTLY ix_users_name"))
