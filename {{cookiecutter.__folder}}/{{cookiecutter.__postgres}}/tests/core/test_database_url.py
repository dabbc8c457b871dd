"""Which DATABASE_URL can work."""

import pytest

from {{ cookiecutter.__package }}.core.postgres import check_database_url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example/mine",
        "postgresql:///mine?host=/cloudsql/directory",
        "postgresql://db.example?dbname=mine",
        "postgresql://db.example/?dbname=mine",
        "postgres://alice:p%40ss%2Fword@db.example:5433/mine?sslmode=require",
        "postgresql+psycopg://alice:p#?word@one.example:5432,two.example/mine",
        "postgresql://alice@[::1]:5432/mine",
    ],
)
def test_what_libpq_understands_is_taken(url: str) -> None:
    assert check_database_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "canary",
        "mysql://canary@db.example/mine",
        "postgresql://alice:canary@[::1/mine",
        "postgresql://alice:canary@db.example",
        "postgresql://alice:canary@db.example/",
        "postgresql://alice:canary@db.example/?dbname=",
        "postgresql://alice:canary@canary@db.example/mine",
        "postgresql://alice:canary/canary@db.example/mine",
        "postgresql://alice:5432/canary@db.example/mine",
        "postgresql://alice:canary@db.example:65536/mine",
        "postgresql://alice:canary@one.example:5432,two.example:0/mine",
        "postgresql://alice:canary@db.example/mine?port=http",
        "postgresql://alice:canary@db.example:5_432/mine",
        "postgresql://alice:canary@db.example/mine?canary=1",
    ],
)
def test_what_can_not_work_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="should be like postgresql://") as refusal:
        check_database_url(url)

    assert "canary" not in str(refusal.value)
