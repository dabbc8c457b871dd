"""The outbox in the transaction of others, and the queries on events in one of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from ..jobs.transactions import jobs_of
from .repository import EventRepository
from .service import EventService, Outbox


def outbox_of(session: Session) -> Outbox:
    return Outbox(EventRepository(session), jobs_of(session).enqueue)


@contextmanager
def events_in_transaction() -> Iterator[EventService]:
    with open_session() as session, transaction(session):
        yield EventService(EventRepository(session), partial(number_new_events, session))


def number_events() -> None:
    """In transactions of its own."""
    with open_session(read_only=True) as session:
        EventService(EventRepository(session), partial(number_new_events, session)).number_events()


def number_new_events(reading: Session) -> None:
    reading.commit()  # Gives its connection back: nobody who holds one may wait for another.
    with open_session() as session, transaction(session):
        EventRepository(session).number_new_events()
