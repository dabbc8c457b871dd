"""What the routes of events need."""

from functools import partial

from ..core.routing import current_session
from .repository import EventRepository
from .service import EventService
from .transactions import number_new_events


def event_service() -> EventService:
    session = current_session()
    return EventService(EventRepository(session), partial(number_new_events, session))
