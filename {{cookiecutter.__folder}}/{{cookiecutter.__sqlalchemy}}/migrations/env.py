"""Alembic's entry: which tables there should be, and which database has them."""

from alembic import context

from {{ cookiecutter.__package }}.accounts import models as accounts
from {{ cookiecutter.__package }}.core.database import Base, get_engine

FEATURES = [accounts]

with get_engine().connect() as connection:
    context.configure(connection, target_metadata=Base.metadata, render_as_batch=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()
