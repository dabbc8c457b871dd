"""Tables of events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.database import Base, UtcDateTime


class Event(Base):
    """`number` is the place in the list. It is given after the commit, so that a lower one never appears later."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "type", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    type: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
