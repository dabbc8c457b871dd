"""Every migration goes up and down with data in the tables, and the result is what the models say."""

from collections.abc import Iterator

import httpx2
import pytest

from {{ cookiecutter.__package }}.migrations import are_complete, migrate, state

from .database import Database


@pytest.fixture
def migrated(alice: httpx2.Client, database: Database) -> Iterator[Database]:
    """A database with a user and her session in it."""
    yield database
    migrate()


def test_the_latest_is_what_the_models_say(migrated: Database) -> None:
    from .schema import schema_drift

    if steps := schema_drift():
        remedy = 'Write the migration: uv run {{ cookiecutter.project_slug }} make-migration FEATURE "what it does"'
        pytest.fail("\n".join([*steps, remedy]), pytrace=False)


def test_all_of_them_go_down_and_up_again(migrated: Database) -> None:
    tables = migrated.tables()

    migrate("zero")
    assert migrated.tables() == set()

    migrate()
    assert migrated.tables() == tables


def test_those_after_the_first_keep_what_is_in_its_tables(migrated: Database) -> None:
    kept = ["SELECT * FROM users"]
    before = [migrated.rows(query) for query in kept]
    assert all(before)

    migrate("users_0001")
    assert [migrated.rows(query) for query in kept] == before

    migrate()
    assert [migrated.rows(query) for query in kept] == before


def test_one_can_be_named(migrated: Database) -> None:
    migrate("zero")

    migrate("users_0001")

    assert "users" in migrated.tables()
    assert state() == "users_0001"


def test_a_feature_can_be_taken_down(migrated: Database) -> None:
    migrate("users:zero")

    assert "users" not in migrated.tables()


@pytest.mark.parametrize("target", ["users_9999", "users", "nothing:zero", "users:zeros"])
def test_an_unknown_one_is_refused(migrated: Database, target: str) -> None:
    with pytest.raises(LookupError, match=f"there is no migration {target}"):
        migrate(target)


def test_a_missing_one_makes_the_service_unready(client: httpx2.Client, migrated: Database) -> None:
    migrate("zero")
    assert not are_complete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["code"] == "not_ready"
    assert response.json()["detail"] == "A migration is missing or two compete."
