"""{{ many | capitalize }}."""

import sqlalchemy as sa
from alembic import op

revision = "{{ notes }}_0001"
down_revision = None
branch_labels = ("{{ notes }}",)
depends_on = {{ depends_on.values() | list | tojson if depends_on else "None" }}


def upgrade() -> None:
    op.create_table(
        "{{ notes }}",
        sa.Column("id", sa.Uuid(), nullable=False),
{% if owned %}
        sa.Column("user_id", sa.Uuid(), nullable=False),
{% endif %}
{% for field in fields %}
        sa.Column("{{ field.column }}", {{ "sa.Uuid()" if field.kind == "ref" else field.migration_type }}, nullable={{ field.optional }}),
{% endfor %}
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_{{ notes }}"),
{% if owned %}
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_{{ notes }}_user_id", ondelete="CASCADE"),
{% endif %}
{% for ref in refs %}
        sa.ForeignKeyConstraint(["{{ ref.column }}"], ["{{ ref.table }}.id"], name="fk_{{ notes }}_{{ ref.column }}", ondelete="{{ "SET NULL" if ref.optional else "CASCADE" }}"),
{% endfor %}
{% if unique %}
        sa.UniqueConstraint({{ '"user_id", ' if owned }}"{{ unique.column }}", name="uq_{{ notes }}_{{ "user_id_" if owned }}{{ unique.column }}"),
{% endif %}
    )
{% for columns in indexes %}
    op.create_index("ix_{{ notes }}_{{ columns | map("first") | join("_") }}", "{{ notes }}", {{ columns | map("first") | list | tojson }})
{% endfor %}


def downgrade() -> None:
    op.drop_table("{{ notes }}")
