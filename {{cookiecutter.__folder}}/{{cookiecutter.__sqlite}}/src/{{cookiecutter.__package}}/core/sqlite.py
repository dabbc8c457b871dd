"""When SQLite counts as away."""

import sqlite3

PATIENCE_SECONDS = 4

_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


def is_away(error: BaseException | None) -> bool:
    """Whether the file is locked for too long, or can not be opened, read or written; else the query is wrong."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF in _AWAY
