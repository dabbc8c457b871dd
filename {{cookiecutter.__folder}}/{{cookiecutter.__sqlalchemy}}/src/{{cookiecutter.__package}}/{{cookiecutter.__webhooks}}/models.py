"""Tables of webhooks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..core.database import Base, UtcDateTime


class Webhook(Base):
    """The secrets are stored as they are, because a hash of them could sign nothing. `old_secrets` has pairs: a secret,
    and until when it signs, too. Until `sending_until`, something is being sent; until `paused_until`, nothing is. At
    `wake_at`, a job looks what is due.
    """

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    types: Mapped[list[str]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool]
    secret: Mapped[str] = mapped_column(String(100))
    old_secrets: Mapped[list[list[str]]] = mapped_column(JSON)
    failures: Mapped[int]
    sending_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_removed: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delivery(Base):
    """Of one event to one webhook. `next_attempt_at` is None for one that has ended."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index(None, "webhook_id", "id"),
        Index(None, "webhook_id", "status", "id"),
        Index(None, "webhook_id", "next_attempt_at"),
        Index(None, "event_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(String(64))
    event: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    last_status: Mapped[int | None]
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
