"""Every query on payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ..core.database import catch_duplicate
from ..core.errors import Duplicate
from .models import Payment, ReceivedEvent
from .schemas import PaymentStatus


class PaymentRepository:
    def add_payment(self, payment: Payment) -> None:
        payment.save(force_insert=True)

    def list_payments(self, order_id: UUID) -> Sequence[Payment]:
        """The newest first."""
        return list(Payment.objects.filter(order_id=order_id).order_by("-id"))

    def find_payment(self, payment_id: UUID) -> Payment | None:
        return Payment.objects.filter(id=payment_id).first()

    def read_again(self, payment: Payment) -> None:
        """After a lock: another request may have changed it."""
        payment.refresh_from_db()

    def update_payment(self, payment: Payment, **changes: object) -> None:
        for name, value in changes.items():
            setattr(payment, name, value)
        payment.save(update_fields=changes)

    def mark_refund_due(self, order_id: UUID) -> None:
        """The payment that has paid the order, if there is one."""
        paid = Payment.objects.filter(order_id=order_id, status=PaymentStatus.SUCCEEDED)
        paid.update(status=PaymentStatus.REFUND_DUE)

    def add_event(self, event_id: str, received_at: datetime) -> bool:
        """False when it is there already."""
        try:
            with catch_duplicate():
                ReceivedEvent(id=event_id, received_at=received_at).save(force_insert=True)
        except Duplicate:
            return False
        return True
