"""How Django meets SQLite."""

import sqlite3
from typing import Any

from django.db import Error, OperationalError

_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


def database_settings(url: str) -> dict[str, Any]:
    """An entry of DATABASES."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 4,
            # Two deferred transactions that read and then write would fail instead of waiting for one another.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        },
    }


def is_unavailable(error: Error) -> bool:
    """Whether the database is away or locked, rather than the query wrong."""
    cause = error.__cause__
    if isinstance(error, OperationalError) and isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode & 0xFF in _AWAY
    return False
