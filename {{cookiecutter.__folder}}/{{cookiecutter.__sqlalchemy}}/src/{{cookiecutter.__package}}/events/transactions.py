"""The outbox in the transaction of others, and the queries on events in one of their own."""

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from .repository import EventRepository
from .service import Outbox


def outbox_of(session: Session) -> Outbox:
    return Outbox(EventRepository(session))


def number_new_events(reading: Session) -> None:
    reading.commit()  # Gives its connection back: nobody who holds one may wait for another.
    with open_session() as session, transaction(session):
        EventRepository(session).number_new_events()
