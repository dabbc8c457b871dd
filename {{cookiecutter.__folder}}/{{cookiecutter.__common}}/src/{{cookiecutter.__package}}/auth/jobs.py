"""What the worker does for auth."""

from ..jobs.registry import scheduled
from .transactions import accounts_in_transaction


@scheduled("15 * * * *")
def remove_expired() -> None:
    """Sessions, refresh tokens and attempts to sign in."""
    more = True
    while more:
        with accounts_in_transaction() as accounts:
            more = accounts.sessions.remove_expired()
