"""Every query on notes. Each names the user: nobody reaches another's note."""

from collections.abc import Sequence
from uuid import UUID

from .models import Note


class NoteRepository:
    def list_notes(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[Note]:
        notes = Note.objects.filter(user_id=user_id).order_by("-id")
        return list((notes.filter(id__lt=below) if below else notes)[:limit])

    def find_note(self, note_id: UUID, user_id: UUID) -> Note | None:
        return Note.objects.filter(id=note_id, user_id=user_id).first()

    def lock_note(self, note_id: UUID, user_id: UUID) -> Note | None:
        """Until the end of the transaction."""
        return Note.objects.filter(id=note_id, user_id=user_id).select_for_update().first()

    def add_note(self, note: Note) -> None:
        note.save(force_insert=True)

    def update_note(self, note: Note, **changes: object) -> None:
        for name, value in changes.items():
            setattr(note, name, value)
        note.save(update_fields=changes)

    def remove_note(self, note: Note) -> None:
        note.delete()
