"""Makes Django ready before the tests import its models."""

from django.conf import settings
from django.db import connections
from django.utils.functional import empty

from {{ cookiecutter.__package }}.setup import setup


def pytest_collection() -> None:
    setup()


def pytest_collection_finish() -> None:
    """The tests have a database of their own, but an app such as Django's admin asks for one when it is imported."""
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]
    connections.__dict__.pop("settings", None)
    settings.DATABASES._wrapped = empty
