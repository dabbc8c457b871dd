"""Whether the tables are what the models say."""

import warnings
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from {{ cookiecutter.__package }}.core.database import Base, get_engine
from {{ cookiecutter.__package }}.setup import setup


def schema_drift() -> list[str]:
    """The changes that a migration would still have to make.

    On SQLite, SQLAlchemy and Alembic leave out indexes over expressions, and warn of each.
    """
    setup()
    with warnings.catch_warnings(), get_engine().connect() as connection:
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        warnings.filterwarnings("ignore", "autogenerate skipping .*expression-based index")
        steps = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return [_sentence(step) for step in steps]


def _sentence(step: Any) -> str:
    """`add column notes title` for what Alembic finds; it puts the changes of one column into a list."""
    kind, *details = step[0] if isinstance(step, list) else step
    names = [name for name in (getattr(detail, "name", detail) for detail in details) if isinstance(name, str)]
    return " ".join([kind.replace("_", " "), *names])
