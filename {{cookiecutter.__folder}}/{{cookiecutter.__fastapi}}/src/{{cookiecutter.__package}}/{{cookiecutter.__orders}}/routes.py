"""Orders over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from ..auth.dependencies import SignedIn
from ..core.pagination import Page
from ..core.routing import api_router
from ..core.schemas import PageRead
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import Orders
from .schemas import OrderQuery, OrderRead, StatusChange

router = api_router()


@router.post("/orders", status_code=201, response_model=OrderRead)
@idempotent
def create_order(current_user: SignedIn, orders: Orders) -> Created:
    order = orders.check_out(current_user.id)
    return Created(order, f"/api/v1/orders/{order.id}")


@router.get("/orders", response_model=PageRead[OrderRead])
def list_orders(query: Annotated[OrderQuery, Query()], current_user: SignedIn, orders: Orders) -> Page[OrderRead]:
    return orders.list_orders(current_user.id, query)


@router.get("/orders/{order_id:id}")
def read_order(order_id: UUID, current_user: SignedIn, orders: Orders) -> OrderRead:
    return orders.read_order(current_user.user, order_id)


@router.patch("/orders/{order_id:id}/status")
def change_order_status(order_id: UUID, change: StatusChange, current_user: SignedIn, orders: Orders) -> OrderRead:
    return orders.change_status(current_user.user, order_id, change.status)
