"""What users may do with their notes.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.errors import NotFound
from ..core.pagination import Cursors, Page, PageQuery
from .models import Note
from .repository import NoteRepository
from .schemas import NewNote, NoteChange

note_cursors = Cursors("notes")


class NoteNotFound(NotFound):
    code = "note_not_found"


class NoteService:
    def __init__(self, notes: NoteRepository) -> None:
        self.notes = notes

    def list_notes(self, user_id: UUID, query: PageQuery) -> Page[Note]:
        return note_cursors.page(query, partial(self.notes.list_notes, user_id))

    def create_note(self, user_id: UUID, body: NewNote) -> Note:
        note = Note(id=uuid7(), user_id=user_id, title=body.title, text=body.text, created_at=datetime.now(UTC))
        self.notes.add_note(note)
        return note

    def read_note(self, user_id: UUID, note_id: UUID) -> Note:
        return _found(self.notes.find_note(note_id, user_id))

    def change_note(self, user_id: UUID, note_id: UUID, changes: NoteChange) -> Note:
        note = _found(self.notes.lock_note(note_id, user_id))
        self.notes.update_note(note, **changes.model_dump())
        return note

    def delete_note(self, user_id: UUID, note_id: UUID) -> None:
        note = _found(self.notes.lock_note(note_id, user_id))
        self.notes.remove_note(note)


def _found(note: Note | None) -> Note:
    if note is None:
        raise NoteNotFound("You have no such note.")
    return note
