"""The service of oauth in a transaction of its own: none is open while a provider is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections
from django.db.transaction import atomic

from ..auth.transactions import accounts
from ..jobs.transactions import queue
from .repository import OAuthRepository
from .service import OAuthService

oauth = OAuthService(OAuthRepository(), accounts.users, accounts.sessions, queue.enqueue)


@contextmanager
def oauth_in_transaction() -> Iterator[OAuthService]:
    close_old_connections()  # The connection may have died while a provider was asked.
    with atomic(durable=True):
        yield oauth
