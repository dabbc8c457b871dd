"""The service of accounts in a transaction of its own: for commands, passwords, and to know who calls."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.database import open_session, transaction
from ..core.settings import get_settings
from .repository import AccountRepository
from .service import AccountService, Identity


@contextmanager
def accounts_in_transaction(*, read_only: bool = False) -> Iterator[AccountService]:
    session = open_session(read_only=read_only)
    with transaction(session):
        yield AccountService(AccountRepository(session), get_settings())


def identify(access_token: str) -> Identity:
    with accounts_in_transaction(read_only=True) as accounts:
        return accounts.identify(access_token)


def identify_admin(access_token: str) -> Identity:
    with accounts_in_transaction(read_only=True) as accounts:
        return accounts.identify_admin(access_token)
