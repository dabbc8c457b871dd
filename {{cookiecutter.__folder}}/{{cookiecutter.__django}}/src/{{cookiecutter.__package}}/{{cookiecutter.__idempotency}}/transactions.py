"""Kept answers in a transaction of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from .repository import AnswerRepository


@contextmanager
def answers_in_transaction() -> Iterator[AnswerRepository]:
    with atomic(durable=True):
        yield AnswerRepository()
