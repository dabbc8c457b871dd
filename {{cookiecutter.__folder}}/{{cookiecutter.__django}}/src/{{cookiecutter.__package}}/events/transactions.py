"""The outbox in the transaction of others, and the queries on events in one of their own."""

from django.db.transaction import atomic

from .repository import EventRepository
from .service import Outbox

outbox = Outbox(EventRepository())


@atomic(durable=True)
def number_new_events() -> None:
    EventRepository().number_new_events()
