"""Payments over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import SIGNED_IN
from ..auth.service import CurrentUser
from ..core.routing import operation
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import PROVIDER, payment_service
from .schemas import EventReceipt, PaymentEvent, PaymentList, PaymentRead

bp = Blueprint("payments", __name__)


@bp.post("/orders/<id:order_id>/payments")
@operation(SIGNED_IN, returns=PaymentRead, status=201)
@idempotent
def start_payment(order_id: UUID, current_user: CurrentUser) -> Created:
    payment = payment_service().start_payment(current_user.id, order_id)
    return Created(payment, f"/api/v1/orders/{order_id}/payments")


@bp.get("/orders/<id:order_id>/payments")
@operation(SIGNED_IN, returns=PaymentList)
def list_payments(order_id: UUID, current_user: CurrentUser) -> PaymentList:
    return payment_service().list_payments(current_user.user, order_id)


@bp.post("/webhooks/payments")
@operation(PROVIDER, returns=EventReceipt)
def receive_payment_event(event: PaymentEvent) -> EventReceipt:
    payment_service().receive(event)
    return EventReceipt()
