"""Django's backend for PostgreSQL, with connections that time out on a silent server."""

from typing import Any

from django.db.backends.postgresql import base

from ..postgres import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        return Connection.connect(**conn_params)

    def is_usable(self) -> bool:
        may_skip = self.connection is not None and not self.errors_occurred
        return (may_skip and self.connection.seems_alive()) or super().is_usable()
