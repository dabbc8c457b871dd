"""The service of orders: `orders` for the operations, `orders_in_transaction` for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from ..auth.transactions import accounts
from ..cart.repository import CartRepository
from ..cart.service import CartService
from ..catalog.repository import CatalogRepository
from ..catalog.service import CatalogService
from ..events.transactions import outbox
from ..payments.repository import PaymentRepository
from .repository import OrderRepository
from .service import OrderService

_catalog = CatalogService(CatalogRepository(), outbox.record)
_cart = CartService(CartRepository(), _catalog, accounts.users)
orders = OrderService(OrderRepository(), _cart, _catalog, PaymentRepository().mark_refund_due, outbox.record)


@contextmanager
def orders_in_transaction() -> Iterator[OrderService]:
    with atomic():
        yield orders
