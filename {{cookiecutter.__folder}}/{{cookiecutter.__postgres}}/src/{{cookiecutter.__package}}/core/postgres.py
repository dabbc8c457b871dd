"""Connections that give up on a server which is away or silent, instead of waiting for the operating system."""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen

PATIENCE_SECONDS = 2.5

CONNECT_OPTIONS: dict[str, Any] = {"connect_timeout": 2, "options": "-c timezone=UTC"}


class Connection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when the server is silent for too long over a statement.

    A server that was stopped, or a machine that was cut off, leaves its sockets open: nobody else would tell.
    """

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, timeout or PATIENCE_SECONDS)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from error
