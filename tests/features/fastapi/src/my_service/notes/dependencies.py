"""What the routes of notes are given."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from .repository import NoteRepository
from .service import NoteService


async def note_service(session: DbSession) -> NoteService:
    return NoteService(NoteRepository(session))


Notes = Annotated[NoteService, Depends(note_service)]
