"""The queries of the catalogue in a transaction of their own: for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from .repository import CatalogRepository


@contextmanager
def catalog_in_transaction() -> Iterator[CatalogRepository]:
    with atomic():
        yield CatalogRepository()
