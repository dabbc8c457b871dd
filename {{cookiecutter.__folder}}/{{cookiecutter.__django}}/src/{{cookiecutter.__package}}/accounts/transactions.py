"""The service of accounts in a transaction of its own: for commands and passwords."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from ..core.settings import get_settings
from .repository import AccountRepository
from .service import AccountService


@contextmanager
def accounts_in_transaction() -> Iterator[AccountService]:
    with atomic():
        yield AccountService(AccountRepository(), get_settings())
