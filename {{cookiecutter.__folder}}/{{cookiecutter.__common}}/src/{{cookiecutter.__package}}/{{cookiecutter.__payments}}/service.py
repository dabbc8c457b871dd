"""What customers pay for their orders, and what the payment provider tells about it.

Knows no HTTP and no SQL, and never commits: the request is the transaction. Locks the order before its payments, so
that two transactions can not deadlock.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..core.errors import Conflict, NotFound
from ..orders.models import Order
from ..orders.service import OrderService
from ..users.models import User
from .models import Payment
from .repository import PaymentRepository
from .schemas import FAILED, SUCCEEDED, PaymentEvent, PaymentList, PaymentRead, PaymentStatus

log = structlog.get_logger()


class OrderNotPayable(Conflict):
    code = "order_not_payable"


class PaymentNotFound(NotFound):
    code = "payment_not_found"


class PaymentService:
    """`record` writes an event."""

    def __init__(self, payments: PaymentRepository, orders: OrderService, record: Callable[..., None]) -> None:
        self.payments = payments
        self.orders = orders
        self.record = record

    def start_payment(self, user_id: UUID, order_id: UUID) -> PaymentRead:
        order = self.orders.lock_own_order(user_id, order_id)
        if not self.orders.is_payable(order):
            raise OrderNotPayable(f"The order is {order.status}.")
        payment = Payment(
            id=uuid7(),
            order_id=order.id,
            status=PaymentStatus.PENDING,
            amount_cents=order.total_cents,
            currency=order.currency,
            created_at=datetime.now(UTC),
        )
        self.payments.add_payment(payment)
        log.info("payment_started", payment_id=payment.id, order_id=order.id)
        return PaymentRead.model_validate(payment)

    def list_payments(self, reader: User, order_id: UUID) -> PaymentList:
        order = self.orders.find_order(reader, order_id)
        payments = self.payments.list_payments(order.id)
        return PaymentList(items=[PaymentRead.model_validate(payment) for payment in payments])

    def receive(self, event: PaymentEvent) -> None:
        """Events may come twice, late and in any order. A type that is not known changes nothing."""
        if event.type not in {SUCCEEDED, FAILED}:
            return
        is_new = self.payments.add_event(event.id, datetime.now(UTC))  # Undone if there is no such payment.
        if not is_new:
            return
        payment, order = self._locked(event.data.get("payment_id"))
        if event.type == FAILED and payment.status == PaymentStatus.PENDING:
            self._set_status(payment, PaymentStatus.FAILED, event.type)
        if event.type == SUCCEEDED and payment.status in {PaymentStatus.PENDING, PaymentStatus.FAILED}:
            is_wanted = self.orders.pay(order)
            self._set_status(payment, PaymentStatus.SUCCEEDED if is_wanted else PaymentStatus.REFUND_DUE, event.type)

    def _locked(self, payment_id: object) -> tuple[Payment, Order]:
        """The payment as it is once its order is locked."""
        payment = self.payments.find_payment(_as_id(payment_id))
        if payment is None:
            raise PaymentNotFound("There is no such payment.")
        order = self.orders.lock_order(payment.order_id)
        self.payments.read_again(payment)
        return payment, order

    def _set_status(self, payment: Payment, status: PaymentStatus, event_type: str) -> None:
        self.payments.update_payment(payment, status=status)
        self.record(event_type, payment_id=payment.id, order_id=payment.order_id, status=status)
        log.info("payment_changed", payment_id=payment.id, status=status)


def _as_id(value: object) -> UUID:
    with suppress(ValueError):
        if isinstance(value, str) and str(UUID(value)) == value:
            return UUID(value)
    raise PaymentNotFound("There is no such payment.")
