"""The queries on payments in a transaction of their own: for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.database import open_session, transaction
from .repository import PaymentRepository


@contextmanager
def payments_in_transaction() -> Iterator[PaymentRepository]:
    with open_session() as session, transaction(session):
        yield PaymentRepository(session)
