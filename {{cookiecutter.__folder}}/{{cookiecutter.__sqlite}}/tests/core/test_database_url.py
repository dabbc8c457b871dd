"""Which DATABASE_URL can work."""

import pytest

from {{ cookiecutter.__package }}.core.sqlite import check_database_url


@pytest.mark.parametrize("url", ["sqlite:////srv/mine.sqlite3", "sqlite:///mine.sqlite3"])
def test_a_path_is_taken(url: str) -> None:
    assert check_database_url(url) == url


@pytest.mark.parametrize("url", ["canary", "sqlite:///", "sqlite://canary", "postgresql://canary@db/mine"])
def test_what_can_not_work_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="should be like sqlite:////absolute/path") as refusal:
        check_database_url(url)

    assert "canary" not in str(refusal.value)
