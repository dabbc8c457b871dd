"""Events over HTTP."""

from flask import Blueprint

from ..auth.dependencies import ADMIN
from ..core.routing import operation
from .dependencies import event_service
from .schemas import EventList, EventQuery

bp = Blueprint("events", __name__)


@bp.get("/events")
@operation(ADMIN, returns=EventList)
def list_events(query: EventQuery) -> EventList:
    return event_service().list_events(query)
