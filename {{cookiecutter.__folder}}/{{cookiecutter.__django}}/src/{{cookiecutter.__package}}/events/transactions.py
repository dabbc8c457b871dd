"""The outbox in the transaction of others, and the queries on events in one of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from ..jobs.transactions import queue
from .repository import EventRepository
from .service import EventService, Outbox

outbox = Outbox(EventRepository(), queue.enqueue)


@atomic(durable=True)
def number_new_events() -> None:
    EventRepository().number_new_events()


events = EventService(EventRepository(), number_new_events)


@contextmanager
def events_in_transaction() -> Iterator[EventService]:
    with atomic(durable=True):
        yield events


def number_events() -> None:
    """In transactions of its own."""
    events.number_events()
