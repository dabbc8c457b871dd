"""Every query on webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session, defer

from .models import Delivery, Webhook
from .schemas import DeliveryStatus

SWEPT = 1000


class WebhookRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_webhook(self, webhook: Webhook) -> None:
        self.session.add(webhook)

    def list_webhooks(self, below: UUID | None, limit: int) -> Sequence[Webhook]:
        query = select(Webhook).where(~Webhook.is_removed).order_by(Webhook.id.desc()).limit(limit)
        return self.session.scalars(query.where(Webhook.id < below) if below else query).all()

    def lock_active_webhooks(self) -> Sequence[Webhook]:
        """Locks the rows until the end of the transaction."""
        query = select(Webhook).where(Webhook.is_active, ~Webhook.is_removed).order_by(Webhook.id)
        return self.session.scalars(query.with_for_update()).all()

    def list_webhooks_served(self, event_id: UUID) -> set[UUID]:
        """Those that have a delivery of the event."""
        return set(self.session.scalars(select(Delivery.webhook_id).where(Delivery.event_id == event_id)))

    def list_due_webhooks(self, now: datetime, lost_since: datetime) -> Sequence[UUID]:
        """Those that something could be sent to now, and that no job is enqueued for, or was lost for."""
        is_due = select(Delivery.id).where(Delivery.webhook_id == Webhook.id, Delivery.next_attempt_at <= now).exists()
        is_free = or_(Webhook.sending_until.is_(None), Webhook.sending_until <= now)
        goes_on = or_(Webhook.paused_until.is_(None), Webhook.paused_until <= now)
        has_no_job = or_(Webhook.wake_at.is_(None), Webhook.wake_at <= lost_since)
        query = select(Webhook.id).where(~Webhook.is_removed, has_no_job, is_free, goes_on, is_due)
        return self.session.scalars(query.order_by(Webhook.id)).all()

    def find_webhook(self, webhook_id: UUID) -> Webhook | None:
        return self.session.scalar(select(Webhook).where(Webhook.id == webhook_id, ~Webhook.is_removed))

    def lock_webhook(self, webhook_id: UUID) -> Webhook | None:
        """Locks the row until the end of the transaction."""
        query = select(Webhook).where(Webhook.id == webhook_id, ~Webhook.is_removed).with_for_update()
        return self.session.scalar(query.execution_options(populate_existing=True))

    def update_webhook(self, webhook: Webhook, **changes: object) -> None:
        for name, value in changes.items():
            setattr(webhook, name, value)

    def remove_webhook(self, webhook_id: UUID) -> None:
        self.session.execute(delete(Webhook).where(Webhook.id == webhook_id))

    def add_delivery(self, delivery: Delivery) -> None:
        self.session.add(delivery)

    def list_deliveries(
        self, webhook_id: UUID, below: UUID | None, limit: int, *, status: str | None
    ) -> Sequence[Delivery]:
        query = select(Delivery).where(Delivery.webhook_id == webhook_id).options(defer(Delivery.event))
        query = query.order_by(Delivery.id.desc()).limit(limit)
        if below is not None:
            query = query.where(Delivery.id < below)
        if status is not None:
            query = query.where(Delivery.status == status)
        return self.session.scalars(query).all()

    def lock_delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        """Locks the row until the end of the transaction, so that no job removes it meanwhile."""
        query = select(Delivery).where(Delivery.id == delivery_id, Delivery.webhook_id == webhook_id)
        return self.session.scalar(query.with_for_update())

    def find_due_delivery(self, webhook_id: UUID, now: datetime) -> Delivery | None:
        """The one that has been due the longest."""
        query = select(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.next_attempt_at <= now)
        return self.session.scalar(query.order_by(Delivery.next_attempt_at, Delivery.id).limit(1))

    def find_next_attempt_at(self, webhook_id: UUID) -> datetime | None:
        """When the next delivery is due. It may be in the past."""
        query = select(Delivery.next_attempt_at).where(Delivery.webhook_id == webhook_id)
        query = query.where(Delivery.next_attempt_at.is_not(None)).order_by(Delivery.next_attempt_at).limit(1)
        return self.session.scalar(query)

    def update_delivery(self, delivery: Delivery, **changes: object) -> None:
        for name, value in changes.items():
            setattr(delivery, name, value)

    def fail_pending_deliveries(self, webhook_id: UUID) -> int:
        """Up to SWEPT. Returns how many."""
        pending = select(Delivery.id).where(Delivery.webhook_id == webhook_id, Delivery.next_attempt_at.is_not(None))
        query = update(Delivery).where(Delivery.id.in_(select(pending.limit(SWEPT).cte())))
        failed = query.values(status=DeliveryStatus.FAILED, next_attempt_at=None).returning(Delivery.id)
        return len(self.session.scalars(failed).all())

    def remove_deliveries_below(self, delivery_id: UUID) -> int:
        """Removes up to SWEPT that have ended, but none that a request has locked. Returns how many."""
        return self._remove(select(Delivery.id).where(Delivery.id < delivery_id, Delivery.next_attempt_at.is_(None)))

    def remove_deliveries_of(self, webhook_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        return self._remove(select(Delivery.id).where(Delivery.webhook_id == webhook_id))

    def _remove(self, ids: Select[UUID]) -> int:
        locked = ids.limit(SWEPT).with_for_update(skip_locked=True).cte()
        removed = delete(Delivery).where(Delivery.id.in_(select(locked))).returning(Delivery.id)
        return len(self.session.scalars(removed).all())
