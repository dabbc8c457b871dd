"""Events over HTTP."""

from django.http import HttpRequest
from ninja import Query, Router

from ..auth.dependencies import admin
from .dependencies import events
from .schemas import EventList, EventQuery

router = Router()


@router.get("/events", response=EventList, auth=admin)
def list_events(request: HttpRequest, query: Query[EventQuery]) -> EventList:
    return events.list_events(query)
