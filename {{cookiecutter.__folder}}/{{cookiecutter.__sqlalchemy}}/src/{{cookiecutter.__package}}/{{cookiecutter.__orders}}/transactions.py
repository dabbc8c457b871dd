"""The service of orders, in the session of a request or in one of its own, for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ..auth.transactions import accounts_of
from ..cart.repository import CartRepository
from ..cart.service import CartService
from ..catalog.repository import CatalogRepository
from ..catalog.service import CatalogService
from ..core.database import open_session, transaction
from ..events.transactions import outbox_of
from ..payments.repository import PaymentRepository
from .repository import OrderRepository
from .service import OrderService


@contextmanager
def orders_in_transaction() -> Iterator[OrderService]:
    with open_session() as session, transaction(session):
        yield orders_of(session)


def orders_of(session: Session) -> OrderService:
    record = outbox_of(session).record
    catalog = CatalogService(CatalogRepository(session), record)
    cart = CartService(CartRepository(session), catalog, accounts_of(session).users)
    return OrderService(OrderRepository(session), cart, catalog, PaymentRepository(session).mark_refund_due, record)
