"""Connections that give up on a server which is away or silent, instead of waiting for the operating system."""

from time import monotonic
from typing import Any, ClassVar, Self

import psycopg
from psycopg.abc import RV, PQGen

from .request_id import current_request_id

PATIENCE_SECONDS = 2.0
ABSENCE_SECONDS = 0.5

CONNECT_OPTIONS: dict[str, Any] = {"connect_timeout": 2}


class Connection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when a statement of a request gets no answer for too long.

    A server that was stopped, or a machine that was cut off, leaves its sockets open: nobody else would tell.
    Commands, migrations among them, may take their time.
    """

    away_until: ClassVar[float] = 0.0

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        if monotonic() < cls.away_until:
            raise psycopg.OperationalError("the server was away a moment ago")
        try:
            return super().connect(*args, **options)
        except psycopg.OperationalError:
            # Else everybody would wait for it, the last one for as long as all before them.
            cls.away_until = monotonic() + ABSENCE_SECONDS
            raise

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is None and current_request_id():
            timeout = PATIENCE_SECONDS
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from error
