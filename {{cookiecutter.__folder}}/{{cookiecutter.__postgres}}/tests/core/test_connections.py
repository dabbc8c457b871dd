"""Connections to PostgreSQL: which seem alive, and what is not committed."""

import psycopg
import pytest

from {{ cookiecutter.__package }}.core import postgres
from {{ cookiecutter.__package }}.core.postgres import Connection

from ..database import Database


def test_a_transaction_in_which_an_error_was_caught_can_not_be_committed(database: Database) -> None:
    with Connection.connect(database.url) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")

        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.commit()
        connection.rollback()


class TestSeemsAlive:
    def test_when_it_was_used_a_moment_ago(self, database: Database) -> None:
        with Connection.connect(database.url) as connection:
            assert not connection.seems_alive()
            connection.execute("SELECT 1")

            assert connection.seems_alive()

    def test_not_when_it_was_idle(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        with Connection.connect(database.url) as connection:
            connection.execute("SELECT 1")
            monkeypatch.setattr(postgres, "IDLE_SECONDS", 0)

            assert not connection.seems_alive()

    def test_not_when_the_server_has_closed_it(self, database: Database) -> None:
        connection = Connection.connect(database.url)
        [process] = connection.execute("SELECT pg_backend_pid()").fetchone() or []
        with Connection.connect(database.url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

        assert not connection.seems_alive()
        connection.close()
