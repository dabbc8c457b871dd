"""SQLite replaces a table to change it. What refers to its rows has to outlive that."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from {{ cookiecutter.__package }}.accounts.schemas import Role
from {{ cookiecutter.__package }}.core.settings import ROOT

from .database import Database
from .people import Person

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "of_this_test"
down_revision = "latest"


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
def config(client: httpx2.Client, tmp_path: Path) -> Iterator[Config]:
    """The project's own migrations, and two more."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    latest = ScriptDirectory.from_config(config).get_current_head()
    assert latest
    (tmp_path / "of_this_test.py").write_text(MIGRATION.replace("latest", latest))
    (tmp_path / "careless.py").write_text(CARELESS)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{ROOT / 'migrations/versions'}\n{tmp_path}".replace("%", "%%"))
    yield config
    command.downgrade(config, latest)


def test_sessions_outlive_a_change_of_the_users_table(config: Config, database: Database) -> None:
    Person("alice", Role.USER).open_session()
    tables = ("users", "sessions", "refresh_tokens")
    before = [database.rows(f"SELECT * FROM {table}") for table in tables]

    command.upgrade(config, "of_this_test")

    assert "VARCHAR(200)" in database.rows("SELECT sql FROM sqlite_schema WHERE name = 'users'")[0][0]
    assert all(before)
    assert [database.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_one_that_leaves_orphans_is_undone(config: Config, database: Database) -> None:
    Person("alice", Role.USER).open_session()

    with pytest.raises(RuntimeError, match="refer to nothing"):
        command.upgrade(config, "careless")

    assert database.rows("SELECT email FROM users") == [("alice@example.com",)]
    assert database.rows("SELECT version_num FROM alembic_version") == [("of_this_test",)]
