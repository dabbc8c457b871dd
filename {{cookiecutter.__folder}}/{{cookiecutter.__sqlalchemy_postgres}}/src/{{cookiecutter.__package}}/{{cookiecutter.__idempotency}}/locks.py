"""Locks with a name."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def try_lock(session: Session, name: str) -> bool:
    """Until the end of the transaction. False when another one has it; does not wait."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))))
