"""What happened: an outbox that features write to, and a list to follow.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from uuid_utils.compat import uuid7

from ..core.errors import Duplicate, Invalid
from .models import Event
from .registry import handlers_of
from .repository import EventRepository
from .schemas import EventList, EventQuery, EventRead, EventType

_event_types: TypeAdapter[str] = TypeAdapter(EventType)


class UnknownEvent(Invalid):
    code = "unknown_event"
    location = "query"
    field = "after"


class Outbox:
    def __init__(self, events: EventRepository, enqueue: Callable[..., None]) -> None:
        self.events = events
        self.enqueue = enqueue

    def record(self, event_type: str, /, **data: object) -> None:
        """Both are committed, or neither: the event, and what it tells of. `data` is for readers outside the service:
        ids and what one needs to go on, but nothing secret and nothing personal, because events are kept.
        """
        event_type = _event_types.validate_python(event_type)
        now = datetime.now(UTC)
        event = Event(id=uuid7(), type=event_type, data=to_jsonable_python(data), created_at=now)
        self.events.add_event(event)
        for handler in handlers_of(event_type):
            self.enqueue(handler, event=EventRead.model_validate(event))


class EventService:
    """`number_new_events` works in a transaction of its own."""

    def __init__(self, events: EventRepository, number_new_events: Callable[[], None]) -> None:
        self.events = events
        self.number_new_events = number_new_events

    def remove_old_events(self, days: int) -> bool:
        """Removes a part of those that are older. True if there may be more."""
        return self.events.remove_events_below(first_id_since(days)) > 0

    def number_events(self) -> None:
        while self.events.has_new_events():
            with suppress(Duplicate):  # Another request has given the same numbers to other events.
                self.number_new_events()

    def list_events(self, query: EventQuery) -> EventList:
        """Oldest first. Who follows skips none: an event gets its number after its commit, and no number comes late."""
        self.number_events()
        last_seen = self.events.find_number(query.after) if query.after else 0
        if last_seen is None:
            raise UnknownEvent("There is no such event.")
        events = self.events.list_events(last_seen, query.type, query.limit)
        items = [EventRead.model_validate(event) for event in events]
        return EventList(items=items, next_after=items[-1].id if items else query.after)


def first_id_since(days: int) -> UUID:
    """Ids of rows that are older are lower: a UUIDv7 begins with the time (RFC 9562)."""
    moment = datetime.now(UTC) - timedelta(days=days)
    return UUID(int=int(moment.timestamp() * 1000) << 80)
