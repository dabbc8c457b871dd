"""The services of auth and users in a transaction of their own: for commands, and for operations with a password."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from ..core.settings import get_settings
from ..events.transactions import outbox_of
from ..users.repository import UserRepository
from ..users.service import UserService
from .credentials import Accounts
from .login_limit import LoginLimit
from .repository import AuthRepository
from .service import LoginSessionService


@contextmanager
def accounts_in_transaction() -> Iterator[Accounts]:
    with open_session() as session, transaction(session):
        yield accounts_of(session)


def accounts_of(session: Session) -> Accounts:
    settings = get_settings()
    auth = AuthRepository(session)
    return Accounts(
        users=UserService(UserRepository(session), auth.remove_sessions, outbox_of(session).record),
        sessions=LoginSessionService(auth, settings),
        login_limit=LoginLimit(auth, settings),
    )
