"""What the routes of orders need."""

from typing import Annotated

from fastapi import Depends

from ..cart.dependencies import Cart
from ..catalog.dependencies import Catalog
from ..core.routing import DbSession
from ..payments.repository import PaymentRepository
from .repository import OrderRepository
from .service import OrderService


async def order_service(session: DbSession, cart: Cart, catalog: Catalog) -> OrderService:
    return OrderService(OrderRepository(session), cart, catalog, PaymentRepository(session).mark_refund_due)


Orders = Annotated[OrderService, Depends(order_service)]
