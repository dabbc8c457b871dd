"""Where the SQLite file is, and which errors mean that it is away."""

import re
import sqlite3
from pathlib import Path

TIMEOUT_SECONDS = 4

_DUPLICATE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value."""
    if not re.match("sqlite:///.", value):
        raise ValueError("should be like sqlite:////absolute/path")
    return value


def database_url(chosen: str | None, folder: Path) -> str:
    """`chosen`, like sqlite:///relative/path or sqlite:////absolute/path, or the URL of a file in `folder`."""
    if chosen:
        return chosen
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'service.sqlite3'}"


def is_away(error: BaseException | None) -> bool:
    """Whether the file is locked for too long or can not be opened, read or written. Otherwise the query is wrong."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF in _AWAY


def is_duplicate(error: BaseException | None) -> bool:
    """Whether another row has a value that must be unique. Otherwise another constraint does not hold."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode in _DUPLICATE
