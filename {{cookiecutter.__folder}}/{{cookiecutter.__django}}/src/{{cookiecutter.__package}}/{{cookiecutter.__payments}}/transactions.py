"""The queries on payments in a transaction of their own: for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from .repository import PaymentRepository


@contextmanager
def payments_in_transaction() -> Iterator[PaymentRepository]:
    with atomic():
        yield PaymentRepository()
