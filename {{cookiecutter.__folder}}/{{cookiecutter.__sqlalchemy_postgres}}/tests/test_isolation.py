"""Transactions and isolation levels, as SQLAlchemy documents them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

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


def test_after_a_read_its_connection_begins_transactions_again() -> None:
    with open_session(read_only=True) as session:
        session.scalar(STARTED)

    with get_engine().connect() as connection:
        connection.scalar(STARTED)
        assert connection.scalar(STARTED) is True


def test_after_a_read_that_failed_too() -> None:
    with open_session(read_only=True) as session, pytest.raises(ProgrammingError):
        session.execute(text("SELECT nothing"))

    with get_engine().connect() as connection:
        connection.scalar(STARTED)
        assert connection.scalar(STARTED) is True


def test_a_read_may_choose_an_isolation_level() -> None:
    with open_session(read_only=True) as session:
        session.connection(execution_options={"isolation_level": "SERIALIZABLE"})

        assert session.scalar(ISOLATION) == "serializable"


def test_an_isolation_level_holds_for_its_connection_and_not_after_it() -> None:
    with get_engine().connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        assert connection.scalar(ISOLATION) == "serializable"

    with get_engine().connect() as connection:
        assert connection.scalar(ISOLATION) == "read committed"


def test_autocommit_holds_for_its_connection_and_not_after_it() -> None:
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM users"))  # It can not run in a transaction.

    with get_engine().connect() as connection:
        connection.scalar(STARTED)
        assert connection.scalar(STARTED) is True
