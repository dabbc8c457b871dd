"""Alembic's entry: which tables there should be, and which database has them."""

from alembic import context

import {{ cookiecutter.__package }}.app  # noqa: F401, its features bring the tables along
from {{ cookiecutter.__package }}.core.database import Base, get_engine

with get_engine().connect() as connection:
    context.configure(connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
