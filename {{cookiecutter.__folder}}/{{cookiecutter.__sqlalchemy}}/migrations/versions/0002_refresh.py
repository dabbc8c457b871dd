"""When a refresh token was used: each is good for one use."""

import sqlalchemy as sa
from alembic import op

revision = "0002_refresh"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refresh_tokens", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("refresh_tokens", "used_at")
