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


def test_migrate_says_what_it_does_not_know(database: Database) -> None:
    with pytest.raises(SystemExit, match="there is no migration 9999_nothing"):
        main(["migrate", "--to", "9999_nothing"])
