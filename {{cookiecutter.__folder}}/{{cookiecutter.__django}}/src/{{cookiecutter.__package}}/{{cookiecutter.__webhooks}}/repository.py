"""Every query on webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from .models import Delivery, Webhook
from .schemas import DeliveryStatus

SWEPT = 1000


class WebhookRepository:
    def add_webhook(self, webhook: Webhook) -> None:
        webhook.save(force_insert=True)

    def list_webhooks(self, below: UUID | None, limit: int) -> Sequence[Webhook]:
        webhooks = Webhook.objects.order_by("-id")
        return list((webhooks.filter(id__lt=below) if below else webhooks)[:limit])

    def list_active_webhooks(self) -> Sequence[Webhook]:
        return list(Webhook.objects.filter(is_active=True))

    def list_webhooks_served(self, event_id: UUID) -> set[UUID]:
        """Those that have a delivery of the event."""
        return set(Delivery.objects.filter(event_id=event_id).values_list("webhook_id", flat=True))

    def list_webhooks_waiting(self, now: datetime) -> Sequence[UUID]:
        """Those that something is due for, and that are sent nothing."""
        is_due = Exists(Delivery.objects.filter(webhook_id=OuterRef("id"), next_attempt_at__lte=now))
        is_free = Q(sending_until=None) | Q(sending_until__lte=now)
        goes_on = Q(paused_until=None) | Q(paused_until__lte=now)
        return list(Webhook.objects.filter(is_due, is_free, goes_on).values_list("id", flat=True))

    def find_webhook(self, webhook_id: UUID) -> Webhook | None:
        return Webhook.objects.filter(id=webhook_id).first()

    def lock_webhook(self, webhook_id: UUID) -> Webhook | None:
        """Locks the row until the end of the transaction."""
        return Webhook.objects.filter(id=webhook_id).select_for_update().first()

    def update_webhook(self, webhook: Webhook, **changes: object) -> None:
        for name, value in changes.items():
            setattr(webhook, name, value)
        webhook.save(update_fields=changes)

    def remove_webhook(self, webhook: Webhook) -> None:
        webhook.delete()

    def add_delivery(self, delivery: Delivery) -> None:
        delivery.save(force_insert=True)

    def list_deliveries(
        self, webhook_id: UUID, below: UUID | None, limit: int, *, status: str | None
    ) -> Sequence[Delivery]:
        deliveries = Delivery.objects.filter(webhook_id=webhook_id).order_by("-id")
        if below is not None:
            deliveries = deliveries.filter(id__lt=below)
        if status is not None:
            deliveries = deliveries.filter(status=status)
        return list(deliveries[:limit])

    def find_delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        return Delivery.objects.filter(id=delivery_id, webhook_id=webhook_id).first()

    def find_next_delivery(self, webhook_id: UUID) -> Delivery | None:
        """The one that is due first."""
        pending = Delivery.objects.filter(webhook_id=webhook_id).exclude(next_attempt_at=None)
        return pending.order_by("next_attempt_at", "id").first()

    def update_delivery(self, delivery: Delivery, **changes: object) -> None:
        for name, value in changes.items():
            setattr(delivery, name, value)
        delivery.save(update_fields=changes)

    def fail_pending_deliveries(self, webhook_id: UUID) -> None:
        pending = Delivery.objects.filter(webhook_id=webhook_id).exclude(next_attempt_at=None)
        pending.update(status=DeliveryStatus.FAILED, next_attempt_at=None)

    def remove_deliveries_below(self, delivery_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        old = list(Delivery.objects.filter(id__lt=delivery_id).values_list("id", flat=True)[:SWEPT])
        return Delivery.objects.filter(id__in=old).delete()[0]
