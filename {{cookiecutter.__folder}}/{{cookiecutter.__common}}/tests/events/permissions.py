"""Who may call what: see tests/permissions.py."""

ANSWERS = {
    "list_events": "401 403 403 ok",
}
