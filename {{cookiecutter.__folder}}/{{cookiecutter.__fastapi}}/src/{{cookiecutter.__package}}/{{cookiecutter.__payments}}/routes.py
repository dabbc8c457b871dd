"""Payments over HTTP."""

from uuid import UUID

from ..auth.dependencies import SignedIn
from ..core.routing import api_router
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import PROVIDER, Payments
from .schemas import EventReceipt, PaymentEvent, PaymentList, PaymentRead

router = api_router()


@router.post("/orders/{order_id:id}/payments", status_code=201, response_model=PaymentRead)
@idempotent
def start_payment(order_id: UUID, current_user: SignedIn, payments: Payments) -> Created:
    payment = payments.start_payment(current_user.id, order_id)
    return Created(payment, f"/api/v1/orders/{order_id}/payments")


@router.get("/orders/{order_id:id}/payments")
def list_payments(order_id: UUID, current_user: SignedIn, payments: Payments) -> PaymentList:
    return payments.list_payments(current_user.user, order_id)


@router.post("/webhooks/payments", dependencies=[PROVIDER])
def receive_payment_event(event: PaymentEvent, payments: Payments) -> EventReceipt:
    payments.receive(event)
    return EventReceipt()
