"""The database of the tests: a file of its own, opened beside the application."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

NOWHERE = "sqlite:////nowhere/nothing.sqlite3"
BOOKKEEPING = {"{{ 'django_migrations' if cookiecutter.framework == 'django' else 'alembic_version' }}"}


class Database:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    @classmethod
    def create(cls, folder: Path) -> Self:
        return cls(folder / "test.sqlite3")

    def drop(self) -> None:
        """Nothing to do: pytest removes the folder."""

    def rows(self, query: str) -> list[Any]:
        with closing(self._connect()) as connection:
            return connection.execute(query).fetchall()

    def execute(self, *statements: str) -> None:
        with closing(self._connect()) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def tables(self) -> set[str]:
        names = {name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        return {name for name in names.difference(BOOKKEEPING) if not name.startswith("sqlite_")}

    def empty(self) -> None:
        self.execute("PRAGMA foreign_keys = OFF", *(f'DELETE FROM "{table}"' for table in self.tables()))

    def in_transaction(self) -> bool:
        """Whether a transaction has begun to write, so that others would have to wait."""
        with closing(sqlite3.connect(self.path, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False

    @contextmanager
    def commits_fail(self) -> Iterator[None]:
        """Meanwhile, a transaction that adds or changes a user fails at its commit, and not earlier."""
        self.execute(
            "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
            "CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TRIGGER broken_by_insert AFTER INSERT ON users BEGIN INSERT INTO children VALUES (1); END",
            "CREATE TRIGGER broken_by_update AFTER UPDATE ON users BEGIN INSERT INTO children VALUES (1); END",
        )
        try:
            yield
        finally:
            self.execute("DROP TRIGGER broken_by_insert", "DROP TRIGGER broken_by_update")
            self.execute("DROP TABLE children", "DROP TABLE parents")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """As by another process that takes its time to write."""
        with closing(self._connect()) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=5)
