"""What the routes of events need."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from .repository import EventRepository
from .service import EventService
from .transactions import number_new_events


async def event_service(session: DbSession) -> EventService:
    return EventService(EventRepository(session), number_new_events)


Events = Annotated[EventService, Depends(event_service)]
