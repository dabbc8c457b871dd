"""Locks with a name."""

from sqlalchemy.orm import Session


def try_lock(_session: Session, _name: str) -> bool:
    """A transaction that may write has locked the whole database already."""
    return True
