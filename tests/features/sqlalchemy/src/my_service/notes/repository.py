"""Every query on notes. Each names the user: nobody reaches another's note."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Note


class NoteRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list_notes(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[Note]:
        query = select(Note).where(Note.user_id == user_id).order_by(Note.id.desc()).limit(limit)
        return self.session.scalars(query.where(Note.id < below) if below else query).all()

    def find_note(self, note_id: UUID, user_id: UUID) -> Note | None:
        return self.session.scalar(select(Note).where(Note.id == note_id, Note.user_id == user_id))

    def lock_note(self, note_id: UUID, user_id: UUID) -> Note | None:
        """Until the end of the transaction."""
        query = select(Note).where(Note.id == note_id, Note.user_id == user_id)
        return self.session.scalar(query.with_for_update())

    def add_note(self, note: Note) -> None:
        self.session.add(note)

    def update_note(self, note: Note, **changes: object) -> None:
        for name, value in changes.items():
            setattr(note, name, value)

    def remove_note(self, note: Note) -> None:
        self.session.delete(note)
