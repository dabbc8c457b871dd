"""Orders over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import SIGNED_IN
from ..auth.service import CurrentUser
from ..core.pagination import Page
from ..core.routing import operation
from ..core.schemas import PageRead
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import order_service
from .schemas import OrderQuery, OrderRead, StatusChange

bp = Blueprint("orders", __name__)


@bp.post("/orders")
@operation(SIGNED_IN, returns=OrderRead, status=201)
@idempotent
def create_order(current_user: CurrentUser) -> Created:
    order = order_service().check_out(current_user.id)
    return Created(order, f"/api/v1/orders/{order.id}")


@bp.get("/orders")
@operation(SIGNED_IN, returns=PageRead[OrderRead])
def list_orders(query: OrderQuery, current_user: CurrentUser) -> Page[OrderRead]:
    return order_service().list_orders(current_user.id, query)


@bp.get("/orders/<id:order_id>")
@operation(SIGNED_IN, returns=OrderRead)
def read_order(order_id: UUID, current_user: CurrentUser) -> OrderRead:
    return order_service().read_order(current_user.user, order_id)


@bp.patch("/orders/<id:order_id>/status")
@operation(SIGNED_IN, returns=OrderRead)
def change_order_status(order_id: UUID, change: StatusChange, current_user: CurrentUser) -> OrderRead:
    return order_service().change_status(current_user.user, order_id, change.status)
