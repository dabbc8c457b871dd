"""SQLite changes a table by replacing it. Rows that refer to its rows must survive this."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Index, func

from {{ cookiecutter.__package }} import migrations
from {{ cookiecutter.__package }}.core.database import Base
from {{ cookiecutter.__package }}.core.settings import ROOT
from {{ cookiecutter.__package }}.users.schemas import Role

from .accounts import Account
from .database import Database
from .schema import schema_drift

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "of_this_test"
down_revision = None
branch_labels = ("this_test",)
depends_on = {latest}


def upgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.alter_column("name", type_=sa.String(200))


def downgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.alter_column("name", type_=sa.String(100))
"""

CARELESS = """
from alembic import op

revision = "careless"
down_revision = "of_this_test"


def upgrade() -> None:
    op.execute("DELETE FROM users")


def downgrade() -> None:
    pass
"""


@pytest.fixture
def config(
    client: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Config]:
    """The project's own migrations, and two more after them."""
    latest = [revision for (revision,) in database.rows("SELECT version_num FROM alembic_version")]
    (tmp_path / "of_this_test.py").write_text(MIGRATION.format(latest=latest))
    (tmp_path / "careless.py").write_text(CARELESS)
    locations = [*migrations.version_locations(), str(tmp_path)]
    monkeypatch.setattr(migrations, "version_locations", lambda: locations)
    config = Config(toml_file=ROOT / "pyproject.toml")
    yield config
    command.downgrade(config, "this_test@base")


def test_sessions_outlive_a_change_of_the_users_table(config: Config, database: Database) -> None:
    Account("alice", Role.USER).open_session()
    tables = ("users", "sessions", "refresh_tokens")
    before = [database.rows(f"SELECT * FROM {table}") for table in tables]

    command.upgrade(config, "of_this_test")

    assert "VARCHAR(200)" in database.rows("SELECT sql FROM sqlite_schema WHERE name = 'users'")[0][0]
    assert all(before)
    assert [database.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_one_that_leaves_orphans_is_undone(config: Config, database: Database) -> None:
    Account("alice", Role.USER).open_session()

    with pytest.raises(RuntimeError, match="refer to nothing"):
        command.upgrade(config, "careless")

    assert database.rows("SELECT email FROM users") == [("alice@example.com",)]
    assert database.rows("SELECT version_num FROM alembic_version") == [("of_this_test",)]


def test_an_index_over_an_expression_is_no_drift(client: httpx2.Client, database: Database) -> None:
    """Neither SQLAlchemy nor Alembic can compare one on SQLite, so a warning would not help."""
    before = schema_drift()
    users = Base.metadata.tables["users"]
    index = Index("ix_users_lower_name", func.lower(users.c.name))
    database.execute("CREATE INDEX ix_users_lower_name ON users (lower(name))")
    try:
        assert schema_drift() == before
    finally:
        users.indexes.discard(index)
        database.execute("DROP INDEX ix_users_lower_name")
