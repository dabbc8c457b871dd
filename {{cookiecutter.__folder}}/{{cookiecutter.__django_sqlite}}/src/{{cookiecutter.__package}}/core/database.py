"""How Django meets SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError
from django.db.models import Model
from django.db.transaction import TransactionManagementError, atomic, get_connection

from .errors import Duplicate
from .settings import ROOT, Settings
from .sqlite import TIMEOUT_SECONDS, database_url, is_away, is_duplicate

# The requests that a worker works on at a time: most may wait, for a lock or to hash a password.
THREADS = 128
# Probes have their own, so that they answer while all others wait.
PROBE_THREADS = 2


def database_settings(settings: Settings) -> dict[str, Any]:
    """An entry of DATABASES."""
    url = database_url(settings.database_url, ROOT / "data" / settings.environment)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": TIMEOUT_SECONDS,
            # Two deferred transactions that read and then write would fail. Immediate ones wait for each other.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        },
    }


def lock_row[Row: Model](model: type[Row], query: str, *parameters: object) -> Row | None:
    """What SQL by hand finds, locked until the end of the transaction. Here, the transaction has locked the database.

    Raises TransactionManagementError without a transaction. The query does not pass the manager of the model.
    """
    if not get_connection().in_atomic_block:
        raise TransactionManagementError("A lock lasts until the end of a transaction, but there is none.")
    rows = model._default_manager.raw(query, parameters, using=DEFAULT_DB_ALIAS)
    return next(iter(rows), None)


def stored_id(id_: UUID) -> str:
    """For SQL by hand."""
    return id_.hex


def is_unavailable(error: Exception) -> bool:
    """Whether the database is away or locked. Otherwise the query is wrong."""
    return isinstance(error, OperationalError) and is_away(error.__cause__)


@contextmanager
def catch_duplicate() -> Iterator[None]:
    """Raises Duplicate when another row has a value that must be unique. The transaction can go on: what was written
    before stays.
    """
    try:
        with atomic():
            yield
    except IntegrityError as error:
        if is_duplicate(error.__cause__):
            raise Duplicate from error
        raise
