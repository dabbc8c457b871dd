"""How Django meets PostgreSQL."""

from typing import Any

from django.db import InterfaceError, OperationalError
from psycopg.conninfo import conninfo_to_dict

from ..postgres import CONNECT_OPTIONS


def database_settings(url: str) -> dict[str, Any]:
    """An entry of DATABASES. Connections last as long as their threads, and are checked before each request."""
    parameters = conninfo_to_dict(url)
    return {
        "ENGINE": __name__,  # Django looks for its base.py.
        "NAME": parameters.pop("dbname", ""),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parameters | CONNECT_OPTIONS,
    }


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away, rather than the query wrong."""
    return isinstance(error, OperationalError | InterfaceError)
