"""Locks with a name."""

from django.db import connection


def try_lock(name: str) -> bool:
    """Until the end of the transaction. False when another one has it; does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
