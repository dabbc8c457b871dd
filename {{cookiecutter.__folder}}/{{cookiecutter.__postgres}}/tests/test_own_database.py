"""The tests run on a database of their own, whatever DATABASE_URL says."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from {{ cookiecutter.__package }}.core.postgres import check_database_url

from .database import Database, name_beside


@pytest.mark.parametrize(
    ("server", "name"),
    [
        ("postgresql://alice:secret@db.example:5433/mine", "mine_test"),
        ("postgresql://alice@db.example/?dbname=mine", "mine_test"),
        ("postgresql://db.example/other?dbname=mine", "mine_test"),
        ("postgresql:///mine?host=/cloudsql/directory", "mine_test"),
        ("postgresql://db.example/caf%C3%A9", "café_test"),
    ],
)
def test_only_the_name_changes(server: str, name: str) -> None:
    url = Database(server).url

    assert conninfo_to_dict(url) == conninfo_to_dict(server) | {"dbname": name}
    assert check_database_url(url) == url


@pytest.mark.parametrize("worker", ["", "gw0", "gw12"])
@pytest.mark.parametrize("name", ["x" * 55, "x" * 63, "é" * 31])
def test_a_long_name_is_not_cut_off_to_another_one(name: str, worker: str) -> None:
    beside = name_beside(name, worker)

    assert len(beside.encode()) <= 63
    assert beside.endswith(f"_test{worker}")
    assert beside != name


def test_a_database_named_in_the_query_stays_as_it_is(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE precious (id integer)")
        beside = Database(f"{database.url}&dbname={database.name}", worker="of_this_test")
        beside.replace()

        try:
            assert beside.tables() == set()
            assert connection.execute("SELECT count(*) FROM precious").fetchone() == (0,)
        finally:
            beside.drop()
            connection.execute("DROP TABLE precious")


class TestReplace:
    @pytest.fixture
    def beside(self, database: Database) -> Iterator[Database]:
        beside = Database(database.url, worker="of_this_test")
        yield beside
        beside.drop()

    def test_takes_the_place_of_an_earlier_run(self, beside: Database) -> None:
        beside.replace()
        beside.execute("CREATE TABLE leftovers (id integer)")

        beside.replace()

        assert beside.tables() == set()

    def test_keeps_a_database_that_is_not_of_the_tests(self, beside: Database) -> None:
        beside._on_server("CREATE DATABASE {}")
        beside.execute("CREATE TABLE precious (id integer)")

        with pytest.raises(pytest.exit.Exception, match="that is not theirs"):
            beside.replace()

        assert beside.tables() == {"precious"}

    @pytest.mark.slow  # PostgreSQL waits 5 seconds for the other run to end.
    def test_keeps_a_database_that_another_run_uses(self, beside: Database) -> None:
        beside.replace()
        beside.execute("CREATE TABLE precious (id integer)")

        with psycopg.connect(beside.url), pytest.raises(pytest.exit.Exception, match="Another run"):
            beside.replace()

        assert beside.tables() == {"precious"}
