"""How Django meets SQLite."""

from typing import Any

from django.db import OperationalError

from .sqlite import PATIENCE_SECONDS, is_away


def database_settings(url: str) -> dict[str, Any]:
    """An entry of DATABASES."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": PATIENCE_SECONDS,
            # Two deferred transactions that read and then write would fail instead of waiting for one another.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        },
    }


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away or locked, rather than the query wrong."""
    return isinstance(error, OperationalError) and is_away(error.__cause__)
