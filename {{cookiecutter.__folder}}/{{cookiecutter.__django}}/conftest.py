"""Makes Django ready before the tests import its models."""

from {{ cookiecutter.__package }}.core.settings import get_settings
from {{ cookiecutter.__package }}.core.setup import setup


def pytest_collection() -> None:
    setup()
    get_settings.cache_clear()  # The database of the tests is still to come.
