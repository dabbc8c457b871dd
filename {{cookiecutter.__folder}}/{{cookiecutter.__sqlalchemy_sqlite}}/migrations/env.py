"""Alembic's entry: which tables there should be, where the migrations are, and which database to migrate."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from {{ cookiecutter.__package }}.core.database import Base, UtcDateTime, get_engine
from {{ cookiecutter.__package }}.migrations import version_locations
from {{ cookiecutter.__package }}.setup import setup


def run(connection: Connection | None = None) -> None:
    context.configure(
        connection,
        dialect_name="sqlite",
        literal_binds=context.is_offline_mode(),
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        on_version_apply=refuse_orphans,
    )
    if scripts := context.get_context().script:
        scripts.version_locations = version_locations()
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations use the column types of SQLAlchemy, because the service's own types may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


@contextmanager
def connect() -> Iterator[Connection]:
    """SQLite changes a table by replacing it. This must not delete the rows that refer to it."""
    with get_engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
        finally:
            connection.rollback()  # In a transaction, the next line would do nothing.
            driver.execute("PRAGMA foreign_keys = ON")


def refuse_orphans(ctx: MigrationContext, *_step: Any, **_options: Any) -> None:
    """Runs before a migration is committed, because SQLite does not check foreign keys during one."""
    if ctx.as_sql or ctx.connection is None:
        return
    if orphans := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"The migration leaves rows that refer to nothing: {orphans}")


setup()
if context.is_offline_mode():
    run()
else:
    with connect() as connection:
        run(connection)
