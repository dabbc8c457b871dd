"""Notes over HTTP."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from ..auth.dependencies import SignedInRequest, signed_in
from ..core.pagination import Page, PageQuery
from ..core.schemas import PageRead
from .dependencies import notes
from .models import Note
from .schemas import NewNote, NoteChange, NoteRead

router = Router()


@router.get("/notes", response=PageRead[NoteRead], auth=signed_in)
def list_notes(request: SignedInRequest, query: Query[PageQuery]) -> Page[Note]:
    return notes.list_notes(request.auth.id, query)


@router.post("/notes", response={201: NoteRead}, auth=signed_in)
def create_note(request: SignedInRequest, body: NewNote, response: HttpResponse) -> Status[Note]:
    note = notes.create_note(request.auth.id, body)
    response["Location"] = f"/api/v1/notes/{note.id}"
    return Status(201, note)


@router.get("/notes/{id:note_id}", response=NoteRead, auth=signed_in)
def read_note(request: SignedInRequest, note_id: UUID) -> Note:
    return notes.read_note(request.auth.id, note_id)


@router.patch("/notes/{id:note_id}", response=NoteRead, auth=signed_in)
def change_note(request: SignedInRequest, note_id: UUID, changes: NoteChange) -> Note:
    return notes.change_note(request.auth.id, note_id, changes)


@router.delete("/notes/{id:note_id}", response={204: None}, auth=signed_in)
def delete_note(request: SignedInRequest, note_id: UUID) -> Status[None]:
    notes.delete_note(request.auth.id, note_id)
    return Status(204, None)
