"""Migrations: what the database has, what it should have, and how to get there. `alembic` works too.

Each feature has its own line of migrations, an Alembic branch that is named after it. `notes_0002` is the
migration in notes/migrations/0002_<what>.py; `notes:zero` is the state before the first one of notes.

To remove a feature: `migrate --to notes:zero` on every database, then delete its folder and its name in features.py.
"""

import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.operations.ops import CreateTableOp, MigrationScript, OpContainer
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Table

from .core.database import Base, get_engine, open_session
from .core.settings import ROOT, SERVICE
from .features import FEATURES

LATEST = "latest"
PACKAGE = Path(__file__).parent


def version_locations() -> list[str]:
    """Where Alembic finds the migrations."""
    return [str(PACKAGE / feature / "migrations") for feature in FEATURES]


def state() -> str:
    """In words for people: the last migration of each feature."""
    scripts = _scripts()
    applied = _applied(scripts)
    upwards = [script for script in reversed(_all(scripts)) if script.revision in applied]
    return ", ".join({_feature(script): _short_name(script) for script in upwards}.values()) or "zero"


def are_complete() -> bool:
    """Whether the database has every migration and no two compete. Passes on the database's exceptions.

    Migrations that are not here are those of a newer version: this one runs on until that one is ready.
    """
    scripts = _scripts()
    try:
        _refuse_competitors(scripts)
    except LookupError:
        return False
    heads, ends = _heads_of_database(), set(scripts.get_heads())
    if unknown := _unknown(scripts, heads):
        return heads - unknown <= ends
    return _applied(scripts) == {script.revision for script in _all(scripts)}


def migrate(target: str = LATEST) -> None:
    """Migrates up or down to a migration (`notes_0002`), to `notes:zero`, to `zero` or to the latest.

    Raises LookupError, with what to do, if there is no such migration or if two compete.
    """
    config, scripts = _config(), _scripts()
    _refuse_competitors(scripts)
    applied = _applied(scripts)
    feature = target.removesuffix(":zero")
    if target == LATEST:
        command.upgrade(config, "heads")
    elif target == "zero":
        command.downgrade(config, "base")
    elif feature != target and feature in FEATURES:
        if any(_feature(script) == feature and script.revision in applied for script in _all(scripts)):
            command.downgrade(config, f"{feature}@base")
    else:
        script = _find(scripts, target)
        if script.revision not in applied:
            command.upgrade(config, script.revision)
        elif script.nextrev & applied:
            command.downgrade(config, script.revision)
    get_engine().dispose()  # Processes that start from this one must not share a connection with it.


def make(feature: str, what: str) -> list[Path]:
    """Writes the next migration of a feature, from the difference between its models and the database. If two compete,
    writes the one that joins them. Migrates first, because the models are compared with the database.

    Raises LookupError if there is no such feature or nothing to write.
    """
    if feature not in FEATURES:
        raise LookupError(f"there is no feature {feature} in features.py")
    config, scripts = _config(), _scripts()
    folder = PACKAGE / feature / "migrations"
    heads = _heads(scripts, feature)
    name = _next_name(folder, what)
    revision = _revision(feature, name)
    config.set_main_option("file_template", name)
    with redirect_stdout(StringIO()):  # Alembic prints a line for each hook.
        if len(heads) > 1:
            command.merge(config, [head.revision for head in heads], what, rev_id=revision)
        else:
            migrate()
            command.revision(
                config,
                what,
                autogenerate=True,
                head=heads[0].revision if heads else "base",
                branch_label=None if heads else feature,
                version_path=folder,
                rev_id=revision,
                process_revision_directives=lambda _context, _heads, found: _only_of(feature, scripts, found),
            )
    path = folder / f"{name}.py"
    if not path.exists():
        raise LookupError(f"the tables of {feature} are what its models say")
    (folder / "__init__.py").touch()
    return [path]


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml", cmd_opts=Namespace(quiet=True))


def _scripts() -> ScriptDirectory:
    scripts = ScriptDirectory.from_config(_config())
    scripts.version_locations = version_locations()
    return scripts


def _all(scripts: ScriptDirectory) -> list[Script]:
    """From the latest to the first."""
    return list(scripts.walk_revisions())


def _applied(scripts: ScriptDirectory) -> set[str]:
    """The revisions that the database has. Raises LookupError when one of them is not here."""
    heads = _heads_of_database()
    if unknown := _unknown(scripts, heads):
        raise LookupError(
            f"the database has a migration that no feature has: {', '.join(sorted(unknown))}. If you have removed its"
            " feature, bring it back, migrate --to FEATURE:zero, and remove it then."
        )
    return {script.revision for script in scripts.iterate_revisions(tuple(heads), "base")}


def _heads_of_database() -> set[str]:
    with open_session(read_only=True) as session:
        return set(MigrationContext.configure(session.connection()).get_current_heads())


def _unknown(scripts: ScriptDirectory, revisions: set[str]) -> set[str]:
    return revisions - {script.revision for script in _all(scripts)}


def _feature(script: Script) -> str:
    return Path(script.path).parents[1].name


def _short_name(script: Script) -> str:
    """The short name for the command line: notes_0002."""
    return f"{_feature(script)}_{Path(script.path).stem.partition('_')[0]}"


def _find(scripts: ScriptDirectory, target: str) -> Script:
    found = [script for script in _all(scripts) if target in (script.revision, _short_name(script))]
    if not found:
        raise LookupError(f"there is no migration {target}")
    if len(found) > 1:
        raise LookupError(f"{target} may be {' or '.join(script.revision for script in found)}")
    return found[0]


def _heads(scripts: ScriptDirectory, feature: str) -> list[Script]:
    """The last migrations of a feature: more than one if migrations compete."""
    return [script for script in _all(scripts) if script.is_head and _feature(script) == feature]


def _ancestry(scripts: ScriptDirectory, head: Script) -> list[Script]:
    """The migration, what it follows and what it depends on, from the latest to the first."""
    return list(scripts.iterate_revisions(head.revision, "base"))


def _refuse_competitors(scripts: ScriptDirectory) -> None:
    for feature in FEATURES:
        heads = _heads(scripts, feature)
        if len(heads) > 1:
            lines = [_ancestry(scripts, head) for head in heads]
            common = [script for script in lines[0] if all(script in line for line in lines)]
            parent = next((script.revision for script in common if _feature(script) == feature), "nothing")
            raise LookupError(
                f"{' and '.join(sorted(head.revision for head in heads))} compete: each follows {parent}. "
                f'Join them: uv run {SERVICE} make-migration {feature} "join"'
            )


def _next_name(folder: Path, what: str) -> str:
    """The name of the file: 0004_what_it_does."""
    words = re.findall("[a-z0-9]+", what.lower())
    if not words:
        raise LookupError("say in a few words what the migration does")
    last = max((int(path.name[:4]) for path in folder.glob("[0-9][0-9][0-9][0-9]_*.py")), default=0)
    return f"{last + 1:04}_{'_'.join(words)[:40].rstrip('_')}"


def _revision(feature: str, name: str) -> str:
    """At most 32 characters, because the column in Alembic's table has no more. The number of the name stays."""
    return f"{feature[:27]}_{name}"[:32]


def _only_of(feature: str, scripts: ScriptDirectory, found: list[MigrationScript]) -> None:
    """Keeps the steps that belong to the feature. If there are none, Alembic writes no file."""
    [migration] = found
    [upgrade], [downgrade] = migration.upgrade_ops_list, migration.downgrade_ops_list
    owners = _owners()
    new_tables = {step.table_name for step in upgrade.ops if isinstance(step, CreateTableOp)}
    for steps in (upgrade, downgrade):
        steps.ops = [step for step in steps.ops if owners.get(getattr(step, "table_name", "")) == feature]
    if upgrade.is_empty():
        found.clear()
        return
    needed = {owners.get(table): table for table in _referred_tables(upgrade)}
    needed.pop(feature, None)
    for other, table in needed.items():
        if table in new_tables:
            raise LookupError(f"{feature} refers to {table}: make the migration of {other} first")
    ends = [head for other in FEATURES if other in needed for head in _heads(scripts, other)]
    # Alembic fails on what a migration names twice: by itself, and through another.
    heads = [*_heads(scripts, feature), *ends]
    implied = {script.revision for head in heads for script in _ancestry(scripts, head)[1:]}
    migration.depends_on = [end.revision for end in ends if end.revision not in implied] or None


def _owners() -> dict[str, str]:
    """The feature of each table: from its model or, if the model is gone, from the migration that created it."""
    owners = {
        table: feature
        for feature in FEATURES
        for path in (PACKAGE / feature / "migrations").glob("*.py")
        for table in re.findall(r'create_table\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    for mapper in Base.registry.mappers:
        feature = mapper.class_.__module__.removeprefix(f"{PACKAGE.name}.").partition(".")[0]
        tables = [mapper.local_table, *(relationship.secondary for relationship in mapper.relationships)]
        owners |= {table.name: feature for table in tables if isinstance(table, Table)}
    return owners


def _referred_tables(steps: OpContainer) -> Iterator[str]:
    """The tables that new foreign keys refer to."""
    for kind, item, *_ in (change for change in steps.as_diffs() if isinstance(change, tuple)):
        keys = {"add_table": "foreign_keys", "add_fk": "elements"}.get(kind)
        for key in getattr(item, keys) if keys else ():
            yield key.target_fullname.split(".")[-2]
