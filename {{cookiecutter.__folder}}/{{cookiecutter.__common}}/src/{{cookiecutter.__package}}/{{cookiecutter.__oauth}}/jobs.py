"""What the worker does for the sign-in with Google and GitHub."""

from ..jobs.registry import scheduled
from .transactions import oauth_in_transaction


@scheduled("*/10 * * * *")
def remove_expired_states() -> None:
    with oauth_in_transaction() as oauth:
        oauth.remove_expired_states()
