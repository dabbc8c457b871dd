"""The database of the tests: one of its own on the server, dropped in the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ForeignKeyViolation, ObjectInUse
from psycopg.sql import SQL, Identifier, Literal

from {{ cookiecutter.__package }}.core.postgres import database_url
from {{ cookiecutter.__package }}.core.settings import ROOT

NOWHERE = "postgresql://127.0.0.1:1/nothing"
# The tests create a database of their own on this server. They change DATABASE_URL, but not this variable, which the
# processes of pytest-xdist inherit.
SERVER = os.environ.setdefault("TEST_DATABASE_SERVER", os.environ.get("DATABASE_URL", ""))
# A database without this comment is never dropped.
COMMENT = "For the tests of {{ cookiecutter.project_slug }}"
BOOKKEEPING = {"{{ 'django_migrations' if cookiecutter.framework == 'django' else 'alembic_version' }}"}


class Database:
    def __init__(self, server: str, worker: str = "") -> None:
        """`server` is the URL of a database that stays untouched. The tests have another one on the same server."""
        parameters = conninfo_to_dict(server)
        self.server = server
        self.name = name_beside(str(parameters.pop("dbname")), worker)
        self.url = f"postgresql:///{quote(self.name, safe='')}?{urlencode(parameters)}"

    @classmethod
    def create(cls, _folder: Path) -> Self:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DATABASE_URL", NOWHERE)  # database_url() writes to it: this takes that back.
            server = database_url(SERVER, ROOT / "data" / "test")
        database = cls(server, os.environ.get("PYTEST_XDIST_WORKER", ""))
        database.replace()
        [(connected,)] = database.rows("SELECT current_database()")
        if connected != database.name:
            pytest.exit(f"The tests would run on the database {connected}, which is not theirs.", 1)
        return database

    @cached_property
    def connection(self) -> psycopg.Connection[Any]:
        """Each statement is a transaction. To connect for each would take longer than the statements."""
        return psycopg.connect(self.url, autocommit=True, prepare_threshold=None)

    def replace(self) -> None:
        """Replaces the database of an earlier run, which was killed. Ends the tests if the database is not theirs."""
        self._disconnect()
        comment = self.comment()
        if comment is not None and comment != COMMENT:
            pytest.exit(f"The tests need a database named {self.name}, but there is one that is not theirs.", 1)
        try:
            self._on_server("DROP DATABASE IF EXISTS {}")
        except ObjectInUse:
            pytest.exit(f"Another run of the tests uses the database {self.name}.", 1)
        self._on_server("CREATE DATABASE {}")
        self._on_server("COMMENT ON DATABASE {} IS {}", COMMENT)

    def comment(self) -> str | None:
        """None if there is no such database, "" if it has no comment."""
        query = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s"
        with psycopg.connect(self.server) as connection:
            return next((comment for (comment,) in connection.execute(query, [self.name])), None)

    def drop(self) -> None:
        self._disconnect()
        self._on_server("DROP DATABASE {} WITH (FORCE)")

    def rows(self, query: str) -> list[Any]:
        return self.connection.execute(query.encode()).fetchall()

    def execute(self, *statements: str) -> None:
        with self.connection.transaction():
            for statement in statements:
                self.connection.execute(statement.encode())

    def tables(self) -> set[str]:
        names = {name for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        return names.difference(BOOKKEEPING)

    def empty(self) -> None:
        tables = [f'"{table}"' for table in self.tables()]
        try:
            self.execute(*(f"DELETE FROM {table}" for table in tables))
        except ForeignKeyViolation:  # TRUNCATE takes longer, but the order of the tables does not matter.
            self.execute(f"TRUNCATE {', '.join(tables)}")

    def in_transaction(self) -> bool:
        """Whether a transaction is open, so that others may have to wait."""
        idle = "datname = current_database() AND state LIKE 'idle in transaction%'"
        return self.rows(f"SELECT count(*) FROM pg_stat_activity WHERE {idle}") != [(0,)]

    @contextmanager
    def commits_fail(self) -> Iterator[None]:
        """Meanwhile, a transaction that adds or changes a user fails at its commit, and not earlier."""
        self.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$",
            "CREATE CONSTRAINT TRIGGER refusal AFTER INSERT OR UPDATE ON users DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        try:
            yield
        finally:
            self.execute("DROP TRIGGER refusal ON users", "DROP FUNCTION refuse")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """As by a migration that takes its time."""
        with psycopg.connect(self.url) as connection:
            connection.execute("LOCK TABLE users, sessions IN ACCESS EXCLUSIVE MODE")
            yield

    def _disconnect(self) -> None:
        if connection := vars(self).pop("connection", None):
            connection.close()

    def _on_server(self, statement: str, *texts: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(SQL(statement).format(Identifier(self.name), *map(Literal, texts)))


def name_beside(name: str, worker: str) -> str:
    """At most 63 bytes: PostgreSQL would cut off the rest, and the name might then be that of your database."""
    suffix = f"_test{worker}"
    return name.encode()[: 63 - len(suffix)].decode(errors="ignore") + suffix
