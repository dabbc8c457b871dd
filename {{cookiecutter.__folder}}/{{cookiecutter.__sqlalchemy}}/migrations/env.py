"""Alembic's entry: which tables there should be, and which database has them."""

from typing import Any, Literal

from alembic import context

from {{ cookiecutter.__package }}.core.database import Base, UtcDateTime, get_engine
from {{ cookiecutter.__package }}.core.engine import check_migration, connect_to_migrate
from {{ cookiecutter.__package }}.core.setup import setup


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the column types of SQLAlchemy: the service's own may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


setup()
with connect_to_migrate(get_engine()) as connection:
    context.configure(
        connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        on_version_apply=check_migration,
    )
    with context.begin_transaction():
        context.run_migrations()
