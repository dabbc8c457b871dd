"""Makes Django ready before the tests import its models."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.utils.functional import empty

from {{ cookiecutter.__package }}.setup import setup


def pytest_collection() -> None:
    setup()


def pytest_collection_finish() -> None:
    """An app such as Django's admin asks for a database when it is imported."""
    forget_database()


def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> None:
    """A test without the database may have asked for one, too: Django looks for the default of a field there."""
    if fixturedef.argname == "database":
        forget_database()


def forget_database() -> None:
    """The tests have one of their own, which comes later."""
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]
    connections.__dict__.pop("settings", None)
    settings.DATABASES._wrapped = empty
