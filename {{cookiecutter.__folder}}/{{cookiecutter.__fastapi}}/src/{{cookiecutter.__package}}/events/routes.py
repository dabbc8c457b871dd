"""Events over HTTP."""

from typing import Annotated

from fastapi import Query

from ..auth.dependencies import Admin
from ..core.routing import api_router
from .dependencies import Events
from .schemas import EventList, EventQuery

router = api_router()


@router.get("/events")
def list_events(query: Annotated[EventQuery, Query()], _admin: Admin, events: Events) -> EventList:
    return events.list_events(query)
