"""Notes over HTTP."""

from uuid import UUID

from fastapi import Response

from ..auth.dependencies import SignedIn
from ..core.pagination import Page
from ..core.routing import PageParameters, api_router
from ..core.schemas import PageRead
from .dependencies import Notes
from .models import Note
from .schemas import NewNote, NoteChange, NoteRead

router = api_router()


@router.get("/notes", response_model=PageRead[NoteRead])
def list_notes(query: PageParameters, current_user: SignedIn, notes: Notes) -> Page[Note]:
    return notes.list_notes(current_user.id, query)


@router.post("/notes", status_code=201, response_model=NoteRead)
def create_note(body: NewNote, current_user: SignedIn, notes: Notes, response: Response) -> Note:
    note = notes.create_note(current_user.id, body)
    response.headers["Location"] = f"/api/v1/notes/{note.id}"
    return note


@router.get("/notes/{note_id:id}", response_model=NoteRead)
def read_note(note_id: UUID, current_user: SignedIn, notes: Notes) -> Note:
    return notes.read_note(current_user.id, note_id)


@router.patch("/notes/{note_id:id}", response_model=NoteRead)
def change_note(note_id: UUID, changes: NoteChange, current_user: SignedIn, notes: Notes) -> Note:
    return notes.change_note(current_user.id, note_id, changes)


@router.delete("/notes/{note_id:id}", status_code=204)
def delete_note(note_id: UUID, current_user: SignedIn, notes: Notes) -> None:
    notes.delete_note(current_user.id, note_id)
