"""Makes Django ready before the tests import its models."""

from {{ cookiecutter.__package }}.setup import setup


def pytest_collection() -> None:
    setup()
