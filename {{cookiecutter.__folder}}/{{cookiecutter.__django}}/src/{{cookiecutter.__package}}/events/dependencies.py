"""What the routes of events need."""

from .repository import EventRepository
from .service import EventService
from .transactions import number_new_events

events = EventService(EventRepository(), number_new_events)
