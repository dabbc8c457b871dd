"""Alembic's entry: which tables there should be, where the migrations are, and which database to migrate."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from {{ cookiecutter.__package }}.core.database import Base, UtcDateTime, get_engine
from {{ cookiecutter.__package }}.migrations import version_locations
from {{ cookiecutter.__package }}.setup import setup


def run(connection: Connection | None = None) -> None:
    context.configure(
        connection,
        dialect_name="postgresql",
        literal_binds=context.is_offline_mode(),
        target_metadata=Base.metadata,
        render_item=render_item,
    )
    if scripts := context.get_context().script:
        scripts.version_locations = version_locations()
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations use the column types of SQLAlchemy, because the service's own types may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


setup()
if context.is_offline_mode():
    run()
else:
    with get_engine().connect() as connection:
        run(connection)
