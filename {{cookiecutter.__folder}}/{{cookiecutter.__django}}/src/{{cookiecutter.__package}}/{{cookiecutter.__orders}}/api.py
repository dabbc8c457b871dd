"""Orders over HTTP."""

from uuid import UUID

from ninja import Query, Router

from ..auth.dependencies import SignedInRequest, signed_in
from ..core.pagination import Page
from ..core.schemas import PageRead
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import orders
from .schemas import OrderQuery, OrderRead, StatusChange

router = Router()


@router.post("/orders", response={201: OrderRead}, auth=signed_in)
@idempotent
def create_order(request: SignedInRequest) -> Created:
    order = orders.check_out(request.auth.id)
    return Created(order, f"/api/v1/orders/{order.id}")


@router.get("/orders", response=PageRead[OrderRead], auth=signed_in)
def list_orders(request: SignedInRequest, query: Query[OrderQuery]) -> Page[OrderRead]:
    return orders.list_orders(request.auth.id, query)


@router.get("/orders/{id:order_id}", response=OrderRead, auth=signed_in)
def read_order(request: SignedInRequest, order_id: UUID) -> OrderRead:
    return orders.read_order(request.auth.user, order_id)


@router.patch("/orders/{id:order_id}/status", response=OrderRead, auth=signed_in)
def change_order_status(request: SignedInRequest, order_id: UUID, change: StatusChange) -> OrderRead:
    return orders.change_status(request.auth.user, order_id, change.status)
