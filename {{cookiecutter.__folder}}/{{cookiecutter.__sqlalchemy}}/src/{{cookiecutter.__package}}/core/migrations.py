"""The schema: what it should be, what it is, and the way between. `alembic` on the command line does the same."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from .database import get_engine
from .settings import ROOT

LATEST = "head"


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def current() -> str | None:
    with get_engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def state() -> str:
    """In words for people."""
    return current() or "zero"


def are_complete() -> bool:
    """Asks the database: raises what it raises."""
    return current() == ScriptDirectory.from_config(_config()).get_current_head()


def migrate(target: str = LATEST) -> None:
    """Up or down to a revision, to `zero` or to the latest.

    Raises LookupError when there is no such revision.
    """
    if target == "zero":
        command.downgrade(_config(), "base")
    elif _is_behind_us(target):
        command.downgrade(_config(), target)
    else:
        command.upgrade(_config(), target)
    get_engine().dispose()  # Processes that start from this one must not share a connection with it.


def _is_behind_us(target: str) -> bool:
    here = current()
    scripts = ScriptDirectory.from_config(_config())
    if target not in {LATEST, *(script.revision for script in scripts.walk_revisions())}:
        raise LookupError(f"there is no migration {target}")
    return here is not None and target in {script.revision for script in scripts.iterate_revisions(here, "base")}
