"""Kept answers in a transaction of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.database import open_session, transaction
from .repository import AnswerRepository


@contextmanager
def answers_in_transaction() -> Iterator[AnswerRepository]:
    with open_session() as session, transaction(session):
        yield AnswerRepository(session)
