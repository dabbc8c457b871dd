"""Who may call what: joins the tables in `tests/<feature>/permissions.py`.

`ANSWERS` has a line per operation: what an anonymous client, Alice, Bob and an administrator get for something that
belongs to Alice. Each is a status, `ok` for a success, or `all` for a success that may show Alice's things to others.
`BODIES` has a valid body for the operation, or a function that returns one, and `HEADERS` the headers that it needs.
`PATH_IDS` has a function for each id in a path, which creates something of Alice's and returns its id; what belongs to
nobody is a text. These functions get a client of Alice's.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from {{ cookiecutter.__package }}.features import FEATURES, PACKAGE
from {{ cookiecutter.__package }}.system.contract import read

CLIENTS = ["anonymous", "alice", "bob", "admin"]


def table(name: str) -> dict[str, Any]:
    """`ANSWERS`, `BODIES` or `PATH_IDS` of all features."""
    return {key: value for module in _modules() for key, value in getattr(module, name, {}).items()}


def missing_tables() -> list[str]:
    parts = {feature: PACKAGE / feature / "openapi.yaml" for feature in FEATURES}
    features = [name for name, part in parts.items() if part.exists() and "paths" in read(part)]
    return [f"tests/{name}/permissions.py" for name in features if not _has_tables(name)]


def _modules() -> list[ModuleType]:
    return [import_module(f"tests.{feature}.permissions") for feature in ("system", *FEATURES) if _has_tables(feature)]


def _has_tables(feature: str) -> bool:
    return (Path(__file__).parent / feature / "permissions.py").exists()
