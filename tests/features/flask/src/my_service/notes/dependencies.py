"""What the routes of notes are given."""

from ..core.routing import current_session
from .repository import NoteRepository
from .service import NoteService


def note_service() -> NoteService:
    return NoteService(NoteRepository(current_session()))
