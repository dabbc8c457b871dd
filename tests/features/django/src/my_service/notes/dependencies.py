"""What the routes of notes are given."""

from .repository import NoteRepository
from .service import NoteService

notes = NoteService(NoteRepository())
