"""The features of the service: the only list of them.

A feature is a folder with this name. Its routes, tables, migrations, demo data, tests and its part of the contract
are found through this list.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

FEATURES = [
    "auth",
    "events",
    "jobs",
    "mail",{{ "\n    \"cart\",\n    \"catalog\",\n    \"idempotency\",\n    \"orders\",\n    \"payments\"," if cookiecutter.example == "shop" else "" }}{{ "\n    \"oauth\"," if cookiecutter.oauth else "" }}{{ "\n    \"webhooks\"," if cookiecutter.webhooks else "" }}
    "telemetry",
    "users",
]

PACKAGE = Path(__file__).parent


def check_folders(package: Path, features: list[str]) -> None:
    """At start-up, and for every command: otherwise a feature would be missing without a word."""
    folders = {path.parent.name for path in package.glob("*/openapi.yaml")}
    for name in sorted(set(features) - {path.parent.name for path in package.glob("*/__init__.py")}):
        raise LookupError(f"features.py names {name}, but there is no {name}/__init__.py: add it, or remove the name.")
    for name in sorted(folders - {"system", *features}):
        raise LookupError(f"{name}/ is a feature that features.py does not name: add the name, or remove the folder.")


def feature_modules(name: str) -> Iterator[ModuleType]:
    """The module `name` of every feature that has one: `feature_modules("models")`."""
    for feature in FEATURES:
        if find_spec(f"{__package__}.{feature}.{name}"):
            yield import_module(f"{__package__}.{feature}.{name}")


check_folders(PACKAGE, FEATURES)
