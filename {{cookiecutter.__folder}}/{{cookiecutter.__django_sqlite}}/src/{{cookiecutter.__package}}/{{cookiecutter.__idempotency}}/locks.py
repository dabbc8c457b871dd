"""Locks with a name."""


def try_lock(_name: str) -> bool:
    """A transaction that may write has locked the whole database already."""
    return True
