"""Transactions, as SQLAlchemy documents them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from {{ cookiecutter.__package }}.core.database import catch_duplicate, get_engine, open_session
from {{ cookiecutter.__package }}.core.errors import Duplicate

from .database import Database

READ = text("SELECT count(*) FROM users")


@pytest.fixture(autouse=True)
def one_connection(database: Database) -> None:
    """Each test begins with an empty pool, and so gets one connection again and again."""
    get_engine().dispose()


@pytest.fixture
def connection() -> Iterator[Connection]:
    with get_engine().connect() as connection:
        yield connection


def driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def test_a_read_has_no_transaction() -> None:
    with open_session(read_only=True) as session:
        session.scalar(READ)

        assert not driver(session.connection()).in_transaction


def test_what_may_write_has_one_from_its_first_statement() -> None:
    with open_session() as session:
        began = [driver(session.connection()).in_transaction]
        session.scalar(READ)
        began.append(driver(session.connection()).in_transaction)

    assert began == [False, True]


def test_after_a_read_its_connection_begins_transactions_again() -> None:
    with open_session(read_only=True) as session:
        session.scalar(READ)
        used = driver(session.connection())

    with get_engine().connect() as connection:
        connection.scalar(READ)
        assert driver(connection) is used
        assert used.in_transaction


def test_what_a_read_writes_is_written_at_once() -> None:
    with open_session(read_only=True) as session:
        session.execute(text("CREATE TEMPORARY TABLE kept (number INTEGER)"))
        session.execute(text("INSERT INTO kept VALUES (1)"))

    with get_engine().connect() as connection:
        assert connection.scalar(text("SELECT number FROM kept")) == 1


def test_a_read_may_have_a_savepoint() -> None:
    with open_session(read_only=True) as session:
        with catch_duplicate(session):
            session.execute(text("CREATE TEMPORARY TABLE kept (number INTEGER UNIQUE)"))
        with pytest.raises(Duplicate), catch_duplicate(session):
            session.execute(text("INSERT INTO kept VALUES (1), (1)"))

        assert session.scalar(text("SELECT count(*) FROM kept")) == 0


def test_a_read_may_choose_an_isolation_level() -> None:
    with open_session(read_only=True) as session:
        connection = session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        session.scalar(READ)

        assert driver(connection).in_transaction


def test_autocommit_holds_for_its_connection_and_not_after_it() -> None:
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))  # It can not run in a transaction.
        connection.execute(text("CREATE TEMPORARY TABLE kept (number INTEGER)"))

    with get_engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 0
        assert driver(connection).in_transaction


def test_a_connection_of_the_driver_works_as_the_driver_documents() -> None:
    raw = get_engine().raw_connection()
    raw.cursor().execute("CREATE TEMPORARY TABLE lost (number INTEGER)")
    raw.cursor().execute("INSERT INTO lost VALUES (1)")
    raw.rollback()

    cursor = raw.cursor()
    cursor.execute("SELECT count(*) FROM lost")
    assert cursor.fetchone() == (0,)
    raw.close()


def test_a_listener_may_begin_as_sqlalchemy_documents() -> None:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.listen(get_engine(), "begin", begin)
    try:
        with get_engine().connect() as connection:
            connection.scalar(READ)
            assert driver(connection).in_transaction
    finally:
        event.remove(get_engine(), "begin", begin)


def test_a_transaction_without_a_statement_leaves_nothing_behind() -> None:
    with get_engine().begin():
        pass

    raw = get_engine().raw_connection()
    raw.cursor().execute("SELECT 1")

    assert not raw.in_transaction
    raw.close()


def test_each_commit_ends_a_transaction_and_the_next_statement_begins_another(connection: Connection) -> None:
    connection.scalar(READ)
    connection.commit()
    ended = not driver(connection).in_transaction

    connection.execute(text("CREATE TEMPORARY TABLE kept (number INTEGER)"))
    connection.execute(text("INSERT INTO kept VALUES (:number)"), [{"number": 1}, {"number": 2}])
    connection.rollback()

    assert ended
    assert connection.scalar(text("SELECT count(*) FROM sqlite_temp_master")) == 0


def test_many_rows_in_one_statement_begin_one_too(connection: Connection) -> None:
    connection.execute(text("CREATE TEMPORARY TABLE lost (number INTEGER)"))
    connection.commit()

    connection.execute(text("INSERT INTO lost VALUES (:number)"), [{"number": 1}, {"number": 2}])
    connection.rollback()

    assert connection.scalar(text("SELECT count(*) FROM lost")) == 0


def test_a_savepoint_lies_in_a_transaction(connection: Connection) -> None:
    with connection.begin_nested():
        connection.execute(text("CREATE TEMPORARY TABLE lost (number INTEGER)"))

    assert driver(connection).in_transaction


def test_a_pragma_of_a_new_connection_runs_outside_of_a_transaction() -> None:
    """As SQLAlchemy documents: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#foreign-key-support."""

    def set_pragma(connection: Any, _record: Any) -> None:
        connection.cursor().execute("PRAGMA foreign_keys = OFF")

    event.listen(get_engine(), "connect", set_pragma)
    try:
        with get_engine().connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 0
    finally:
        event.remove(get_engine(), "connect", set_pragma)
        get_engine().dispose()
