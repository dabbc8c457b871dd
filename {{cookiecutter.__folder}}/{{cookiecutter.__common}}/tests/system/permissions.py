"""Who may call what: see tests/permissions.py."""

ANSWERS = {
    "check_health": "ok ok ok ok",
    "check_readiness": "ok ok ok ok",
    "read_contract": "ok ok ok ok",
    "read_docs": "ok ok ok ok",
}
