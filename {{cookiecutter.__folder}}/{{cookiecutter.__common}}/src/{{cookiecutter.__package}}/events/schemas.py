"""The bodies of requests and responses of events."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from ..core.pagination import QueryInt
from ..core.schemas import ResponseBody, UtcDateTime

EventType = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}\.[a-z0-9_]{1,31}$")]


class EventQuery(BaseModel):
    after: UUID | None = Field(None, description="The last event that was seen")
    limit: QueryInt = Field(20, ge=1, le=100)
    type: EventType | None = None


class EventRead(ResponseBody):
    id: UUID
    type: str
    created_at: UtcDateTime
    data: dict[str, Any]


class EventList(ResponseBody):
    items: list[EventRead]
    next_after: UUID | None = Field(description="For the next request; null if there is no event yet")
