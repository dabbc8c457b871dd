"""The service of oauth in a transaction of its own: none is open while a provider is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ..auth.transactions import accounts_of
from ..core.database import open_session, transaction
from ..jobs.transactions import jobs_of
from .repository import OAuthRepository
from .service import OAuthService


def oauth_of(session: Session) -> OAuthService:
    accounts = accounts_of(session)
    return OAuthService(OAuthRepository(session), accounts.users, accounts.sessions, jobs_of(session).enqueue)


@contextmanager
def oauth_in_transaction() -> Iterator[OAuthService]:
    with open_session() as session, transaction(session):
        yield oauth_of(session)
