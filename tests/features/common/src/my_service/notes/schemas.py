"""What crosses the boundary of notes."""

from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from ..core.schemas import NOT_SENT, RequestBody, ResponseBody, UtcDateTime

NoteTitle = Annotated[str, Field(min_length=1, max_length=200)]
NoteText = Annotated[str, Field(max_length=10000)]


class NewNote(RequestBody):
    title: NoteTitle
    text: NoteText = ""


class NoteChange(RequestBody):
    title: NoteTitle | MISSING = NOT_SENT
    text: NoteText | MISSING = NOT_SENT


class NoteRead(ResponseBody):
    id: UUID
    title: str
    text: str
    created_at: UtcDateTime
