"""The services of auth and users in a transaction of their own: for commands, and for operations with a password."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from ..core.settings import get_settings
from ..events.transactions import outbox
from ..users.repository import UserRepository
from ..users.service import UserService
from .credentials import Accounts
from .login_limit import LoginLimit
from .repository import AuthRepository
from .service import LoginSessionService

_auth = AuthRepository()
accounts = Accounts(
    users=UserService(UserRepository(), _auth.remove_sessions, outbox.record),
    sessions=LoginSessionService(_auth, get_settings()),
    login_limit=LoginLimit(_auth, get_settings()),
)


@contextmanager
def accounts_in_transaction() -> Iterator[Accounts]:
    with atomic():
        yield accounts
