"""Alembic's entry: which tables there should be, and which database has them."""

from alembic import context

from {{ cookiecutter.__package }}.core.database import Base, get_engine
from {{ cookiecutter.__package }}.core.setup import setup

setup()
with get_engine().connect() as connection:
    context.configure(connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
