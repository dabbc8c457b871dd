"""What the routes of events need."""

from functools import partial
from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from .repository import EventRepository
from .service import EventService
from .transactions import number_new_events


async def event_service(session: DbSession) -> EventService:
    return EventService(EventRepository(session), partial(number_new_events, session))


Events = Annotated[EventService, Depends(event_service)]
