"""Who may call what: see tests/permissions.py."""

import httpx2

ANSWERS = {
    "list_notes": "401 ok ok ok",
    "create_note": "401 ok ok ok",
    "read_note": "401 ok 404 404",
    "change_note": "401 ok 404 404",
    "delete_note": "401 ok 404 404",
}

BODIES = {
    "create_note": {"title": "Milk"},
    "change_note": {"title": "Bread"},
}


def note_id(alice: httpx2.Client) -> str:
    note: dict[str, str] = alice.post("/api/v1/notes", json={"title": "Milk"}).json()
    return note["id"]


PATH_IDS = {"note_id": note_id}
