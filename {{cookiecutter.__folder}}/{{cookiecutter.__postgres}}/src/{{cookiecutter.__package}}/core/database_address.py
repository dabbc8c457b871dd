"""What DATABASE_URL may be."""

import re
from contextlib import suppress

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_SCHEME = re.compile(r"postgres(ql)?(\+psycopg)?://")


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value: there may be a password in it."""
    with suppress(ProgrammingError):
        if _SCHEME.match(value) and conninfo_to_dict(for_libpq(value)):
            return value
    raise ValueError("should be like postgresql://user:password@host/name")


def for_libpq(value: str) -> str:
    """Without the driver that SQLAlchemy would like to be told of."""
    return _SCHEME.sub("postgresql://", value, count=1)
