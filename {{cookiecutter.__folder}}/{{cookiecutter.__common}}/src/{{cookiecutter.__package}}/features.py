"""The features of the service: the only list of them.

A feature is a folder with this name. Its routes, tables, migrations, demo data, tests and its part of the contract
are found through this list.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FEATURES = [
    "auth",
    "users",
]


def feature_modules(name: str) -> Iterator[ModuleType]:
    """The module `name` of every feature that has one: `feature_modules("models")`."""
    for feature in FEATURES:
        if find_spec(f"{__package__}.{feature}.{name}"):
            yield import_module(f"{__package__}.{feature}.{name}")
