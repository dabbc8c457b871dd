"""The schema: what it should be, what it is, and the way between. `manage.py migrate` does the same."""

from collections.abc import Sequence

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from .setup import setup

LATEST = "latest"


def state() -> str:
    """In words for people."""
    latest = dict(sorted(MigrationLoader(connection).applied_migrations or ()))
    return ", ".join(latest.values()) or "zero"


def are_complete() -> bool:
    """Asks the database: raises what it raises."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate(target: str = LATEST) -> None:
    """Up or down to a migration, to `zero` or to the latest. Raises LookupError when there is no such migration."""
    setup()
    for arguments in _ways_to(target):
        call_command("migrate", *arguments, verbosity=0, interactive=False)
    connections.close_all()  # The server starts its processes from this one: they must not share a connection.


def _ways_to(target: str) -> Sequence[tuple[str, ...]]:
    """The arguments for `manage.py migrate`."""
    if target == LATEST:
        return [()]
    loader = MigrationLoader(None)
    if target == "zero":
        return [(app, "zero") for app in loader.migrated_apps]
    if ways := [(app, name) for app, name in loader.graph.nodes if name == target]:
        return ways
    raise LookupError(f"there is no migration {target}")
