"""What the routes of events need."""

from ..core.routing import current_session
from .repository import EventRepository
from .service import EventService
from .transactions import number_new_events


def event_service() -> EventService:
    return EventService(EventRepository(current_session()), number_new_events)
