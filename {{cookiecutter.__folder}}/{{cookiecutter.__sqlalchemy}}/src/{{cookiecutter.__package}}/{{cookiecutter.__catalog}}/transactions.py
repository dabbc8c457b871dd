"""The queries of the catalogue in a transaction of their own: for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.database import open_session, transaction
from .repository import CatalogRepository


@contextmanager
def catalog_in_transaction() -> Iterator[CatalogRepository]:
    with open_session() as session, transaction(session):
        yield CatalogRepository(session)
