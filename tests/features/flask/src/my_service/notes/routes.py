"""Notes over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import SIGNED_IN
from ..auth.service import CurrentUser
from ..core.pagination import Page, PageQuery
from ..core.routing import operation
from ..core.schemas import PageRead
from .dependencies import note_service
from .models import Note
from .schemas import NewNote, NoteChange, NoteRead

bp = Blueprint("notes", __name__)


@bp.get("/notes")
@operation(SIGNED_IN, returns=PageRead[NoteRead])
def list_notes(query: PageQuery, current_user: CurrentUser) -> Page[Note]:
    return note_service().list_notes(current_user.id, query)


@bp.post("/notes")
@operation(SIGNED_IN, returns=NoteRead, status=201)
def create_note(body: NewNote, current_user: CurrentUser) -> tuple[Note, dict[str, str]]:
    note = note_service().create_note(current_user.id, body)
    return note, {"Location": f"/api/v1/notes/{note.id}"}


@bp.get("/notes/<id:note_id>")
@operation(SIGNED_IN, returns=NoteRead)
def read_note(note_id: UUID, current_user: CurrentUser) -> Note:
    return note_service().read_note(current_user.id, note_id)


@bp.patch("/notes/<id:note_id>")
@operation(SIGNED_IN, returns=NoteRead)
def change_note(note_id: UUID, changes: NoteChange, current_user: CurrentUser) -> Note:
    return note_service().change_note(current_user.id, note_id, changes)


@bp.delete("/notes/<id:note_id>")
@operation(SIGNED_IN, returns=None, status=204)
def delete_note(note_id: UUID, current_user: CurrentUser) -> None:
    note_service().delete_note(current_user.id, note_id)
