"""Whether the tables are what the models say."""

import warnings
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from {{ cookiecutter.__package }}.core.database import Base, get_engine
from {{ cookiecutter.__package }}.setup import setup


def schema_drift() -> list[Any]:
    """The changes that a migration would still have to make.

    On SQLite, SQLAlchemy and Alembic leave out indexes over expressions, and warn of each.
    """
    setup()
    with warnings.catch_warnings(), get_engine().connect() as connection:
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        warnings.filterwarnings("ignore", "autogenerate skipping .*expression-based index")
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
