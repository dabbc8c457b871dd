"""Every query on webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Delivery, Webhook
from .schemas import DeliveryStatus

SWEPT = 1000


class WebhookRepository:
    def add_webhook(self, webhook: Webhook) -> None:
        webhook.save(force_insert=True)

    def list_webhooks(self, below: UUID | None, limit: int) -> Sequence[Webhook]:
        webhooks = Webhook.objects.filter(is_removed=False).order_by("-id")
        return list((webhooks.filter(id__lt=below) if below else webhooks)[:limit])

    def lock_active_webhooks(self) -> Sequence[Webhook]:
        """Locks the rows until the end of the transaction."""
        return list(Webhook.objects.filter(is_active=True, is_removed=False).order_by("id").select_for_update())

    def list_webhooks_served(self, event_id: UUID) -> set[UUID]:
        """Those that have a delivery of the event."""
        return set(Delivery.objects.filter(event_id=event_id).values_list("webhook_id", flat=True))

    def list_due_webhooks(self, now: datetime, lost_since: datetime) -> Sequence[UUID]:
        """Those that something could be sent to now, and that no job is enqueued for, or was lost for."""
        is_due = Exists(Delivery.objects.filter(webhook_id=OuterRef("id"), next_attempt_at__lte=now))
        is_free = Q(sending_until=None) | Q(sending_until__lte=now)
        goes_on = Q(paused_until=None) | Q(paused_until__lte=now)
        has_no_job = Q(wake_at=None) | Q(wake_at__lte=lost_since)
        webhooks = Webhook.objects.filter(is_due, is_free, goes_on, has_no_job, is_removed=False)
        return list(webhooks.order_by("id").values_list("id", flat=True))

    def find_webhook(self, webhook_id: UUID) -> Webhook | None:
        return Webhook.objects.filter(id=webhook_id, is_removed=False).first()

    def lock_webhook(self, webhook_id: UUID) -> Webhook | None:
        """Locks the row until the end of the transaction."""
        return Webhook.objects.filter(id=webhook_id, is_removed=False).select_for_update().first()

    def update_webhook(self, webhook: Webhook, **changes: object) -> None:
        for name, value in changes.items():
            setattr(webhook, name, value)
        webhook.save(update_fields=changes)

    def remove_webhook(self, webhook_id: UUID) -> None:
        Webhook.objects.filter(id=webhook_id).delete()

    def add_delivery(self, delivery: Delivery) -> None:
        delivery.save(force_insert=True)

    def list_deliveries(
        self, webhook_id: UUID, below: UUID | None, limit: int, *, status: str | None
    ) -> Sequence[Delivery]:
        deliveries = Delivery.objects.filter(webhook_id=webhook_id).defer("event").order_by("-id")
        if below is not None:
            deliveries = deliveries.filter(id__lt=below)
        if status is not None:
            deliveries = deliveries.filter(status=status)
        return list(deliveries[:limit])

    def lock_delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        """Locks the row until the end of the transaction, so that no job removes it meanwhile."""
        return Delivery.objects.filter(id=delivery_id, webhook_id=webhook_id).select_for_update().first()

    def find_due_delivery(self, webhook_id: UUID, now: datetime) -> Delivery | None:
        """The one that has been due the longest."""
        due = Delivery.objects.filter(webhook_id=webhook_id, next_attempt_at__lte=now)
        return due.order_by("next_attempt_at", "id").first()

    def find_next_attempt_at(self, webhook_id: UUID) -> datetime | None:
        """When the next delivery is due. It may be in the past."""
        pending = Delivery.objects.filter(webhook_id=webhook_id).exclude(next_attempt_at=None)
        return pending.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()

    def update_delivery(self, delivery: Delivery, **changes: object) -> None:
        for name, value in changes.items():
            setattr(delivery, name, value)
        delivery.save(update_fields=changes)

    def fail_pending_deliveries(self, webhook_id: UUID) -> int:
        """Up to SWEPT. Returns how many."""
        pending = Delivery.objects.filter(webhook_id=webhook_id).exclude(next_attempt_at=None)
        some = Delivery.objects.filter(id__in=list(pending.values_list("id", flat=True)[:SWEPT]))
        return some.update(status=DeliveryStatus.FAILED, next_attempt_at=None)

    def remove_deliveries_below(self, delivery_id: UUID) -> int:
        """Removes up to SWEPT that have ended, but none that a request has locked. Returns how many."""
        return _remove(Delivery.objects.filter(id__lt=delivery_id, next_attempt_at=None))

    def remove_deliveries_of(self, webhook_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        return _remove(Delivery.objects.filter(webhook_id=webhook_id))


def _remove(deliveries: QuerySet[Delivery]) -> int:
    some = list(deliveries.select_for_update(skip_locked=True).values_list("id", flat=True)[:SWEPT])
    return Delivery.objects.filter(id__in=some).delete()[0]
