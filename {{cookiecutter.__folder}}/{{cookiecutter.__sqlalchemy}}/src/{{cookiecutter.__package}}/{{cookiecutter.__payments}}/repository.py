"""Every query on payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..core.database import insert
from .models import Payment, ReceivedEvent
from .schemas import PaymentStatus


class PaymentRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_payment(self, payment: Payment) -> None:
        self.session.add(payment)

    def list_payments(self, order_id: UUID) -> Sequence[Payment]:
        """The newest first."""
        query = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id.desc())
        return self.session.scalars(query).all()

    def find_payment(self, payment_id: UUID) -> Payment | None:
        return self.session.get(Payment, payment_id)

    def read_again(self, payment: Payment) -> None:
        """After a lock: another request may have changed it."""
        self.session.refresh(payment)

    def update_payment(self, payment: Payment, **changes: object) -> None:
        for name, value in changes.items():
            setattr(payment, name, value)

    def mark_refund_due(self, order_id: UUID) -> None:
        """The payment that has paid the order, if there is one."""
        query = update(Payment).where(Payment.order_id == order_id, Payment.status == PaymentStatus.SUCCEEDED)
        self.session.execute(query.values(status=PaymentStatus.REFUND_DUE))

    def add_event(self, event_id: str, received_at: datetime) -> bool:
        """False when it is there already."""
        row = insert(ReceivedEvent).values(id=event_id, received_at=received_at).on_conflict_do_nothing()
        return self.session.scalar(row.returning(ReceivedEvent.id)) is not None
