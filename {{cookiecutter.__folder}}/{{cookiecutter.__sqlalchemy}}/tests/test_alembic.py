"""Alembic's own commands find the migrations of the features."""

import os
import subprocess
import sys

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT
from {{ cookiecutter.__package }}.migrations import _revision, are_complete, migrate

from .database import NOWHERE, Database

pytestmark = pytest.mark.slow


def alembic(*arguments: str, database_url: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": database_url}
    command = [sys.executable, "-m", "alembic", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("command", ["upgrade heads", "check", "current", "history"])
def test_works(database: Database, command: str) -> None:
    result = alembic(*command.split(), database_url=database.url)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("command", ["upgrade heads --sql", "downgrade users@head:base --sql"])
def test_writes_sql_without_a_database(command: str) -> None:
    result = alembic(*command.split(), database_url=NOWHERE)

    assert result.returncode == 0, result.stderr
    assert "TABLE users" in result.stdout


@pytest.mark.parametrize("command", ["heads", "branches", "show heads"])
def test_a_command_that_does_not_find_them_says_so(database: Database, command: str) -> None:
    result = alembic(*command.split(), database_url=database.url)

    assert result.returncode != 0
    assert "`alembic history`" in result.stdout + result.stderr


def test_the_old_version_is_ready_after_the_migration_of_a_newer_one(database: Database) -> None:
    before = [revision for (revision,) in database.rows("SELECT version_num FROM alembic_version")]
    database.execute("DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('later_0001')")
    try:
        assert are_complete()
        with pytest.raises(LookupError, match="no feature has: later_0001"):
            migrate()
    finally:
        database.execute("DELETE FROM alembic_version")
        database.execute(*(f"INSERT INTO alembic_version VALUES ('{revision}')" for revision in before))
    assert are_complete()


def test_migrations_of_a_feature_with_a_long_name_differ() -> None:
    revisions = [_revision("a" * 40, name) for name in ("0001_first", "0002_second")]

    assert revisions == ["a" * 27 + "_0001", "a" * 27 + "_0002"]
