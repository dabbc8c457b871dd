"""Every query on webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from .models import Delivery, Webhook
from .schemas import DeliveryStatus

SWEPT = 1000


class WebhookRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_webhook(self, webhook: Webhook) -> None:
        self.session.add(webhook)

    def list_webhooks(self, below: UUID | None, limit: int) -> Sequence[Webhook]:
        query = select(Webhook).order_by(Webhook.id.desc()).limit(limit)
        return self.session.scalars(query.where(Webhook.id < below) if below else query).all()

    def list_active_webhooks(self) -> Sequence[Webhook]:
        return self.session.scalars(select(Webhook).where(Webhook.is_active)).all()

    def list_webhooks_served(self, event_id: UUID) -> set[UUID]:
        """Those that have a delivery of the event."""
        return set(self.session.scalars(select(Delivery.webhook_id).where(Delivery.event_id == event_id)))

    def list_webhooks_waiting(self, now: datetime) -> Sequence[UUID]:
        """Those that something is due for, and that are sent nothing."""
        is_due = select(Delivery.id).where(Delivery.webhook_id == Webhook.id, Delivery.next_attempt_at <= now).exists()
        is_free = or_(Webhook.sending_until.is_(None), Webhook.sending_until <= now)
        goes_on = or_(Webhook.paused_until.is_(None), Webhook.paused_until <= now)
        return self.session.scalars(select(Webhook.id).where(is_due, is_free, goes_on)).all()

    def find_webhook(self, webhook_id: UUID) -> Webhook | None:
        return self.session.get(Webhook, webhook_id)

    def lock_webhook(self, webhook_id: UUID) -> Webhook | None:
        """Locks the row until the end of the transaction."""
        query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
        return self.session.scalar(query.execution_options(populate_existing=True))

    def update_webhook(self, webhook: Webhook, **changes: object) -> None:
        for name, value in changes.items():
            setattr(webhook, name, value)

    def remove_webhook(self, webhook: Webhook) -> None:
        self.session.execute(delete(Webhook).where(Webhook.id == webhook.id))

    def add_delivery(self, delivery: Delivery) -> None:
        self.session.add(delivery)

    def list_deliveries(
        self, webhook_id: UUID, below: UUID | None, limit: int, *, status: str | None
    ) -> Sequence[Delivery]:
        query = select(Delivery).where(Delivery.webhook_id == webhook_id).order_by(Delivery.id.desc()).limit(limit)
        if below is not None:
            query = query.where(Delivery.id < below)
        if status is not None:
            query = query.where(Delivery.status == status)
        return self.session.scalars(query).all()

    def find_delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        query = select(Delivery).where(Delivery.id == delivery_id, Delivery.webhook_id == webhook_id)
        return self.session.scalar(query)

    def find_next_delivery(self, webhook_id: UUID) -> Delivery | None:
        """The one that is due first."""
        query = select(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.next_attempt_at.is_not(None))
        return self.session.scalar(query.order_by(Delivery.next_attempt_at, Delivery.id).limit(1))

    def update_delivery(self, delivery: Delivery, **changes: object) -> None:
        for name, value in changes.items():
            setattr(delivery, name, value)

    def fail_pending_deliveries(self, webhook_id: UUID) -> None:
        query = update(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.next_attempt_at.is_not(None))
        self.session.execute(query.values(status=DeliveryStatus.FAILED, next_attempt_at=None))

    def remove_deliveries_below(self, delivery_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        old = select(Delivery.id).where(Delivery.id < delivery_id).limit(SWEPT).cte()
        removed = delete(Delivery).where(Delivery.id.in_(select(old))).returning(Delivery.id)
        return len(self.session.scalars(removed).all())
