"""Every query on events."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate
from .models import Event

NUMBERED_AT_ONCE = 1000
SWEPT = 1000


class EventRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_event(self, event: Event) -> None:
        self.session.add(event)

    def has_new_events(self) -> bool:
        return self.session.scalar(select(Event.id).where(Event.number.is_(None)).limit(1)) is not None

    def number_new_events(self) -> None:
        """Locks them until the end of the transaction: two that number at once do it one after the other. Raises
        Duplicate if they number different events, which they do only when there are very many.
        """
        query = select(Event).where(Event.number.is_(None)).order_by(Event.id).limit(NUMBERED_AT_ONCE)
        new_events = self.session.scalars(query.with_for_update()).all()
        last = self.session.scalar(select(func.max(Event.number))) or 0
        with catch_duplicate(self.session):
            for number, event in enumerate(new_events, last + 1):
                event.number = number

    def find_number(self, event_id: UUID) -> int | None:
        return self.session.scalar(select(Event.number).where(Event.id == event_id))

    def remove_events_below(self, event_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        old = select(Event.id).where(Event.id < event_id).limit(SWEPT).cte()
        return len(self.session.scalars(delete(Event).where(Event.id.in_(select(old))).returning(Event.id)).all())

    def list_events(self, last_seen: int, event_type: str | None, limit: int) -> Sequence[Event]:
        query = select(Event).where(Event.number > last_seen).order_by(Event.number).limit(limit)
        return self.session.scalars(query.where(Event.type == event_type) if event_type else query).all()
