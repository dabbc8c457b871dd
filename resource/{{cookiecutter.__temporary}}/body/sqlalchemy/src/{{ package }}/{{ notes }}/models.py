"""Tables of {{ many }}."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..core.database import Base, Numeric, UtcDateTime


class {{ Note }}(Base):
    __tablename__ = "{{ notes }}"
{% if indexes %}
    __table_args__ = (
{% for columns in indexes %}
        Index(None, {% for column, _ in columns %}"{{ column }}"{{ ", " if not loop.last }}{% endfor %}),
{% endfor %}
{% if unique and owned %}
        UniqueConstraint("user_id", "{{ unique.column }}"),
{% endif %}
    )
{% endif %}

    id: Mapped[UUID] = mapped_column(primary_key=True)
{% if owned %}
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
{% endif %}
{% for field in fields %}
{% if field.kind == "ref" %}
    {{ field.column }}: {{ field.annotation }} = mapped_column(ForeignKey("{{ field.table }}.id", ondelete="{{ "SET NULL" if field.optional else "CASCADE" }}"))
{% else %}
    {{ field.column }}: {{ field.mapped_column("unique=True" if field.unique and not owned else "") }}
{% endif %}
{% endfor %}
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
