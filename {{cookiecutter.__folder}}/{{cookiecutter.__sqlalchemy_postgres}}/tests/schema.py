"""Whether the tables are what the models say."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from {{ cookiecutter.__package }}.core.database import Base, get_engine
from {{ cookiecutter.__package }}.setup import setup


def schema_drift() -> list[Any]:
    """The changes that a migration would still have to make."""
    setup()
    with get_engine().connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
