"""Migrations: what the database has, what it should have, and how to get there. `manage.py migrate` works too.

Each feature has its own line of migrations, because it is a Django app. `notes_0002` is the migration in
notes/migrations/0002_<what>.py; `notes:zero` is the state before the first one of notes.

To remove a feature: `migrate --to notes:zero` on every database, then delete its folder and its name in features.py.
"""

import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from .core.settings import SERVICE
from .features import FEATURES

LATEST = "latest"
PACKAGE = Path(__file__).parent


def state() -> str:
    """In words for people: the last migration of each feature."""
    last = dict(sorted(MigrationLoader(connection).applied_migrations or ()))
    return ", ".join(_short_name(app, name) for app, name in last.items()) or "zero"


def are_complete() -> bool:
    """Whether the database has every migration and no two compete. Passes on the database's exceptions."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    return not executor.loader.detect_conflicts() and not executor.migration_plan(graph.leaf_nodes())


def migrate(target: str = LATEST) -> None:
    """Migrates up or down to a migration (`notes_0002`), to `notes:zero`, to `zero` or to the latest.

    Raises LookupError, with what to do, if there is no such migration or if two compete.
    """
    for arguments in _ways_to(target):
        call_command("migrate", *arguments, verbosity=0, interactive=False)
    connections.close_all()  # The server starts its processes from this one: they must not share a connection.


def make(feature: str, what: str) -> list[Path]:
    """Writes the next migration of a feature, from the difference between its models and its migrations. If two
    compete, writes the one that joins them. Also writes migrations of other features, if this one refers to their new
    tables.

    Raises LookupError if there is no such feature or nothing to write.
    """
    if feature not in FEATURES:
        raise LookupError(f"there is no feature {feature} in features.py")
    label = _labels()[feature]
    before = _files()
    try:
        call_command(
            "makemigrations",
            label,
            name=_name(what),
            merge=label in MigrationLoader(None).detect_conflicts(),
            include_header=False,
            interactive=False,
            verbosity=0,
        )
    except SystemExit as error:  # Django exits without a message.
        raise LookupError("a new field needs null=True or a default, for the rows that are there already") from error
    written = sorted(_files() - before)
    if not written:
        raise LookupError(f"the tables of {feature} are what its models say")
    for path in written:
        _tidy(path, what)
    return written


def _name(what: str) -> str:
    words = re.findall("[a-z0-9]+", what.lower())
    if not words:
        raise LookupError("say in a few words what the migration does")
    return "_".join(words)[:40].rstrip("_")


def _tidy(path: Path, what: str) -> None:
    docstring = what.replace("\\", "/").replace('"', "'")
    path.write_text(f'"""{docstring}"""\n\n{path.read_text("utf-8")}', "utf-8")
    for tool in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tool, "--quiet", path], check=True)  # noqa: S603, it is our file


def _files() -> set[Path]:
    return {path for feature in FEATURES for path in (PACKAGE / feature / "migrations").glob("[0-9]*.py")}


def _ways_to(target: str) -> list[tuple[str, ...]]:
    """The arguments for `manage.py migrate`."""
    loader = MigrationLoader(None)
    for label, names in loader.detect_conflicts().items():
        raise LookupError(_how_to_join(loader, label, names))
    feature = target.removesuffix(":zero")
    if target == LATEST:
        return [()]
    if target == "zero":
        return [(app, "zero") for app in loader.migrated_apps]
    if feature != target and feature in _labels():
        return [(_labels()[feature], "zero")]
    found = [
        (app, name) for app, name in loader.graph.nodes if target in (name, f"{app}_{name}", _short_name(app, name))
    ]
    if not found:
        raise LookupError(f"there is no migration {target}")
    if len(found) > 1:
        raise LookupError(f"{target} may be {' or '.join(f'{app}_{name}' for app, name in found)}")
    return [*found]


def _labels() -> dict[str, str]:
    """Django's label of each feature."""
    labels = {config.name: config.label for config in apps.get_app_configs()}
    return {feature: labels[f"{PACKAGE.name}.{feature}"] for feature in FEATURES}


def _short_name(label: str, name: str) -> str:
    """The short name for the command line: notes_0002. Apps of others keep their full name."""
    features = {label: feature for feature, label in _labels().items()}
    app = features.get(label) or next((app.name for app in apps.get_app_configs() if app.label == label), label)
    return f"{app}_{name.partition('_')[0]}"


def _how_to_join(loader: MigrationLoader, label: str, names: list[str]) -> str:
    feature = _short_name(label, "").removesuffix("_")
    lines = [loader.graph.forwards_plan((label, name)) for name in names]
    common = [name for app, name in lines[0] if app == label and all((app, name) in line for line in lines)]
    parent = f"{feature}_{common[-1]}" if common else "nothing"
    return (
        f"{' and '.join(sorted(f'{feature}_{name}' for name in names))} compete: each follows {parent}. "
        f'Join them: uv run {SERVICE} make-migration {feature} "join"'
    )
