"""Who may call what: joins the tables in `tests/<feature>/permissions.py`.

`ANSWERS` has a line per operation: what an anonymous client, Alice, Bob and an administrator get for something that
belongs to Alice. Each is a status, or `ok` for a success. `BODIES` has a valid body for the operation, or a function
that returns one. `PATH_IDS` has a function for each id in a path, which creates something of Alice's and returns its
id. These functions get a client of Alice's.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from {{ cookiecutter.__package }}.features import FEATURES

CLIENTS = ["anonymous", "alice", "bob", "admin"]


def table(name: str) -> dict[str, Any]:
    """`ANSWERS`, `BODIES` or `PATH_IDS` of all features."""
    return {key: value for module in _modules() for key, value in getattr(module, name, {}).items()}


def _modules() -> list[ModuleType]:
    missing = [feature for feature in FEATURES if not find_spec(f"tests.{feature}.permissions")]
    if missing:
        pytest.fail(f"Nothing says who may call what: write tests/{missing[0]}/permissions.py.", pytrace=False)
    return [import_module(f"tests.{feature}.permissions") for feature in ("system", *FEATURES)]
