"""What the routes of orders need."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from .service import OrderService
from .transactions import orders_of


async def order_service(session: DbSession) -> OrderService:
    return orders_of(session)


Orders = Annotated[OrderService, Depends(order_service)]
