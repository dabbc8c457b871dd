"""Payments over HTTP."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from ..auth.dependencies import SignedInRequest, signed_in
from ..idempotency.dependencies import idempotent
from ..idempotency.service import Created
from .dependencies import payments, signed_by_provider
from .schemas import EventReceipt, PaymentEvent, PaymentList, PaymentRead

router = Router()


@router.post("/orders/{id:order_id}/payments", response={201: PaymentRead}, auth=signed_in)
@idempotent
def start_payment(request: SignedInRequest, order_id: UUID) -> Created:
    payment = payments.start_payment(request.auth.id, order_id)
    return Created(payment, f"/api/v1/orders/{order_id}/payments")


@router.get("/orders/{id:order_id}/payments", response=PaymentList, auth=signed_in)
def list_payments(request: SignedInRequest, order_id: UUID) -> PaymentList:
    return payments.list_payments(request.auth.user, order_id)


@router.post("/webhooks/payments", response=EventReceipt, auth=signed_by_provider)
def receive_payment_event(request: HttpRequest, event: PaymentEvent) -> EventReceipt:
    payments.receive(event)
    return EventReceipt()
