"""The commands that do not serve."""

import io
import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from {{ cookiecutter.__package }}.cli import main
from {{ cookiecutter.__package }}.core.contract import contract

from .database import NOWHERE, Database
from .server import COMMAND


@pytest.fixture
def no_tables(database: Database) -> Iterator[None]:
    main(["migrate", "--to", "zero"])
    yield
    main(["migrate"])


def test_openapi_prints_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    main(["openapi"])

    assert json.loads(capsys.readouterr().out) == contract()


def test_migrate_goes_down_and_up(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate", "--to", "zero"])
    assert database.tables() == set()
    assert capsys.readouterr().out.endswith("the database is at zero\n")

    main(["migrate"])
    assert "users" in database.tables()
    assert "the database is at 0" in capsys.readouterr().out


def test_seed_makes_people_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database.empty()
    monkeypatch.setenv("SEED_PASSWORD", "of this test alone")

    main(["seed"])
    main(["seed"])

    assert sorted(database.rows("SELECT email, role FROM users")) == [
        ("admin@example.com", "admin"),
        ("user@example.com", "user"),
    ]
    assert "of this test alone" not in capsys.readouterr().out


def test_seed_prints_the_passwords_that_it_made_up(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    database.empty()

    main(["seed"])

    [first, second] = capsys.readouterr().out.splitlines()
    assert first.startswith("admin@example.com: ")
    assert second.startswith("user@example.com: ")
    assert len(first.split()[1]) == 16


def test_an_empty_password_is_none(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database.empty()
    monkeypatch.setenv("SEED_PASSWORD", "")

    main(["seed"])

    assert "SEED_PASSWORD" not in capsys.readouterr().out


def test_create_admin_makes_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.empty()
    monkeypatch.setenv("ADMIN_PASSWORD", "of this test alone")

    main(["create-admin", "root@example.com"])

    assert database.rows("SELECT email, role FROM users") == [("root@example.com", "admin")]
    with pytest.raises(SystemExit, match="already an account"):
        main(["create-admin", "root@example.com"])


@pytest.mark.parametrize(("command", "variable"), [("seed", "SEED_PASSWORD"), ("create-admin", "ADMIN_PASSWORD")])
@pytest.mark.parametrize("password", ["short", "12345678"])
def test_a_weak_password_is_refused_by_the_name_of_its_variable(
    database: Database, monkeypatch: pytest.MonkeyPatch, command: str, variable: str, password: str
) -> None:
    database.empty()
    monkeypatch.setenv(variable, password)

    with pytest.raises(SystemExit) as refusal:
        main([command, *(["root@example.com"] if command == "create-admin" else [])])

    assert str(refusal.value.code).startswith(f"{variable}: ")
    assert password not in str(refusal.value.code)
    assert database.rows("SELECT email FROM users") == []


def test_create_admin_needs_a_terminal_or_a_variable(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(SystemExit, match="set ADMIN_PASSWORD"):
        main(["create-admin", "root@example.com"])


@pytest.mark.parametrize("command", [["seed"], ["create-admin", "root@example.com"]])
def test_accounts_need_their_tables(no_tables: None, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "of this test alone")

    with pytest.raises(SystemExit, match="migrate` first"):
        main(command)


@pytest.mark.parametrize("command", [["migrate"], ["seed"], ["create-admin", "root@example.com"]])
def test_a_database_that_is_away_is_told_in_a_line(command: list[str]) -> None:
    environment = os.environ | {"DATABASE_URL": NOWHERE}

    process = subprocess.run([*COMMAND, *command], env=environment, capture_output=True, text=True)

    assert process.returncode == 1
    assert "the database refuses or does not answer" in process.stderr
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["create-admin", "root"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["serve", "--workers", "0"],
        ["serve", "--host", "nowhere.invalid"],
        ["fly"],
        [],
    ],
)
def test_nonsense_is_explained(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(command)

    assert refusal.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_migrate_says_what_it_does_not_know(database: Database) -> None:
    with pytest.raises(SystemExit, match="there is no migration 9999_nothing"):
        main(["migrate", "--to", "9999_nothing"])
