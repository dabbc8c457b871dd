"""The commands that do not serve."""

import json

import pytest

from {{ cookiecutter.__package }}.cli import main
from {{ cookiecutter.__package }}.core.contract import contract

from .database import Database


def test_openapi_prints_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    main(["openapi"])

    assert json.loads(capsys.readouterr().out) == contract()


def test_migrate_goes_down_and_up(database: Database) -> None:
    main(["migrate", "--to", "zero"])
    assert database.tables() == set()

    main(["migrate"])
    assert "users" in database.tables()


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


def test_create_admin_makes_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.empty()
    monkeypatch.setenv("ADMIN_PASSWORD", "of this test alone")

    main(["create-admin", "root@example.com"])

    assert database.rows("SELECT email, role FROM users") == [("root@example.com", "admin")]
    with pytest.raises(SystemExit, match="already an account"):
        main(["create-admin", "root@example.com"])


@pytest.mark.parametrize(("email", "password"), [("root", "of this test alone"), ("root@example.com", "12345678")])
def test_create_admin_keeps_the_rules(
    database: Database, monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)

    with pytest.raises(SystemExit) as refusal:
        main(["create-admin", email])

    assert refusal.value.code
    assert password not in str(refusal.value.code)


def test_migrate_says_what_it_does_not_know(database: Database) -> None:
    with pytest.raises(SystemExit, match="there is no migration 9999_nothing"):
        main(["migrate", "--to", "9999_nothing"])
