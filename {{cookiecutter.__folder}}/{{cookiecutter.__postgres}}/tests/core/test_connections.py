"""Connections to PostgreSQL: which seem alive, what is not committed, and what follows when no answer comes."""

import socket
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

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


class TestNoAnswerInTime:
    @pytest.fixture(autouse=True)
    def in_a_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "current_request_id", lambda: "of-this-test")
        monkeypatch.setattr(postgres, "TIMEOUT_SECONDS", 0.3)
        monkeypatch.setattr(Connection, "open_until", 0.0)

    def test_the_statement_ends_on_the_server_too(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "CANCEL_SECONDS", 30)
        connection = Connection.connect(database.url)
        connection.execute("SELECT 1")
        process = connection.info.backend_pid

        with pytest.raises(psycopg.OperationalError, match="in time"):
            connection.execute("SELECT pg_sleep(60)")

        assert connection.closed
        deadline = monotonic() + 30
        while database.rows(f"SELECT 1 FROM pg_stat_activity WHERE pid = {process}"):
            assert monotonic() < deadline

    def test_a_server_that_takes_the_cancel_gets_new_connections(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Those of probes, for example, while a migration locks a table."""
        connection = Connection.connect(database.url)
        monkeypatch.setattr(Connection, "cancel_safe", lambda *_, **__: Connection.connect(database.url).close())

        with pytest.raises(psycopg.OperationalError, match="in time"):
            connection.execute("SELECT pg_sleep(1)")

        Connection.connect(database.url).close()

    def test_a_silent_server_is_left_alone_for_a_moment(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def time_out(_connection: Connection, **_options: object) -> None:
            raise psycopg.errors.CancellationTimeout

        connection = Connection.connect(database.url)
        monkeypatch.setattr(postgres, "COOLDOWN_SECONDS", 60)
        monkeypatch.setattr(Connection, "cancel_safe", time_out)

        with pytest.raises(psycopg.OperationalError, match="in time"):
            connection.execute("SELECT pg_sleep(1)")

        with pytest.raises(psycopg.OperationalError, match="a moment ago"):
            Connection.connect(database.url)
        monkeypatch.setattr(postgres, "monotonic", lambda: monotonic() + 60)
        Connection.connect(database.url).close()

    def test_one_finds_out_whether_it_is_back(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Connection, "open_until", monotonic())
        with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as pool:
            silent.settimeout(30)
            one = pool.submit(Connection.connect, host="127.0.0.1", port=silent.getsockname()[1], connect_timeout=30)
            arrived, _ = silent.accept()

            with arrived, pytest.raises(psycopg.OperationalError, match="a moment ago"):
                Connection.connect(database.url)

        assert isinstance(one.exception(), psycopg.OperationalError)
