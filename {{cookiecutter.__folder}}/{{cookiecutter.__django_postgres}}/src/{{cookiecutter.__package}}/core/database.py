"""How Django connects to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, InterfaceError, OperationalError
from django.db.models import Model
from django.db.transaction import TransactionManagementError, atomic, get_connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import UniqueViolation

from .errors import Duplicate
from .postgres import CONNECT_OPTIONS, database_url
from .settings import ROOT, Settings

# The requests that a worker works on at a time. Each thread keeps a connection; PostgreSQL by default has 100 to give.
THREADS = 40
# Probes have their own, so that they answer while all others wait.
PROBE_THREADS = 2


def database_settings(settings: Settings) -> dict[str, Any]:
    """An entry of DATABASES. A connection lives as long as its thread, and is tried first when it may be dead."""
    url = database_url(settings.database_url, ROOT / "data" / settings.environment)
    parameters = conninfo_to_dict(url)
    return {
        "ENGINE": f"{__package__}.backend",  # Django looks for its base.py.
        "NAME": parameters.pop("dbname", ""),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # Behind a pooler, the next transaction may have another connection.
        "OPTIONS": parameters | CONNECT_OPTIONS,
    }


def lock_row[Row: Model](model: type[Row], query: str, *parameters: object) -> Row | None:
    """What SQL by hand finds, locked until the end of the transaction.

    Raises TransactionManagementError without a transaction. The query does not pass the manager of the model.
    """
    if not get_connection().in_atomic_block:
        raise TransactionManagementError("A lock lasts until the end of a transaction, but there is none.")
    rows = model._default_manager.raw(f"{query} FOR NO KEY UPDATE", parameters, using=DEFAULT_DB_ALIAS)
    return next(iter(rows), None)


def stored_id(id_: UUID) -> UUID:
    """For SQL by hand."""
    return id_


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away. Otherwise the query is wrong."""
    return isinstance(error, OperationalError | InterfaceError)


@contextmanager
def catch_duplicate() -> Iterator[None]:
    """Raises Duplicate when another row has a value that must be unique. The transaction can go on: what was written
    before stays.
    """
    try:
        with atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Duplicate from error
        raise
