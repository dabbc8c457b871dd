"""What the worker does with deliveries: one at a time for each webhook, so that one that is slow or broken delays only
its own.

Knows no HTTP and no SQL, and never commits. A delivery begins and ends in transactions of its own: none is open while
it is sent. If the worker dies meanwhile, it begins again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from ..events.schemas import EventRead
from ..jobs.service import retry_wait
from .models import Delivery, Webhook
from .repository import WebhookRepository
from .schemas import DeliveryStatus
from .service import new_delivery

log = structlog.get_logger()

# Longer than it takes to send: see transport.py.
SENDING = timedelta(seconds=20)
# A webhook that fails again and again waits longer each time before it is sent anything.
MAX_PAUSE = timedelta(minutes=1)
MAX_RETRY_AFTER = timedelta(days=1)
GONE = 410


@dataclass(frozen=True)
class Attempt:
    """What is to be sent now. It is signed with each of the secrets."""

    webhook_id: UUID
    delivery_id: UUID
    url: str
    secrets: list[str]
    event: EventRead


@dataclass(frozen=True)
class Answer:
    """`status` is None if there was none; `fault` says why. `retry_after` is in seconds."""

    status: int | None = None
    retry_after: float = 0
    fault: str | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class DeliveryService:
    """`enqueue_at` lets a worker run a job later."""

    def __init__(self, webhooks: WebhookRepository, enqueue_at: Callable[..., None]) -> None:
        self.webhooks = webhooks
        self.enqueue_at = enqueue_at

    def add_deliveries(self, event: EventRead) -> None:
        """For each webhook that was there when it happened and wants events of this type."""
        served = self.webhooks.list_webhooks_served(event.id)
        for webhook in self.webhooks.list_active_webhooks():
            wants = not webhook.types or event.type in webhook.types
            if wants and webhook.created_at <= event.created_at and webhook.id not in served:
                self.webhooks.add_delivery(new_delivery(webhook, event))
                self._deliver(webhook.id, datetime.now(UTC))

    def begin(self, webhook_id: UUID) -> Attempt | None:
        """None if nothing is due, or while the webhook waits or is sent something: whoever does that goes on."""
        now = datetime.now(UTC)
        webhook = self.webhooks.lock_webhook(webhook_id)
        if webhook is None or any(moment and moment > now for moment in (webhook.sending_until, webhook.paused_until)):
            return None
        if not webhook.is_active:
            self.webhooks.fail_pending_deliveries(webhook_id)
            return None
        delivery = self.webhooks.find_next_delivery(webhook_id)
        if delivery is None or delivery.next_attempt_at is None or delivery.next_attempt_at > now:
            return None
        self.webhooks.update_webhook(webhook, sending_until=now + SENDING)
        self.webhooks.update_delivery(
            delivery, attempts=delivery.attempts + 1, last_attempt_at=now, next_attempt_at=now + SENDING
        )
        return Attempt(
            webhook_id, delivery.id, webhook.url, _secrets(webhook, now), EventRead.model_validate(delivery.event)
        )

    def end(self, attempt: Attempt, answer: Answer) -> None:
        webhook = self.webhooks.lock_webhook(attempt.webhook_id)
        delivery = self.webhooks.find_delivery(attempt.webhook_id, attempt.delivery_id)
        if webhook is None or delivery is None:
            return  # Somebody has removed the webhook.
        now = datetime.now(UTC)
        if answer.is_success:
            self._end_delivery(delivery, answer, DeliveryStatus.DELIVERED)
            self.webhooks.update_webhook(webhook, sending_until=None, paused_until=None, failures=0)
        else:
            self._end_failed(webhook, delivery, answer, now)
        log.info(
            "webhook_sent",
            webhook_id=webhook.id,
            delivery_id=delivery.id,
            attempt=delivery.attempts,
            status=answer.status,
            fault=answer.fault,
        )
        following = self.webhooks.find_next_delivery(webhook.id)
        if following and following.next_attempt_at:
            self._deliver(webhook.id, max(following.next_attempt_at, webhook.paused_until or now))

    def deliver_waiting(self) -> None:
        """What nobody goes on with: its worker has died, or the database was away."""
        now = datetime.now(UTC)
        for webhook_id in self.webhooks.list_webhooks_waiting(now):
            self._deliver(webhook_id, now)

    def remove_old_deliveries(self, days: int) -> bool:
        """Removes a part of those that are older. True if there may be more."""
        oldest_to_keep = datetime.now(UTC) - timedelta(days=days)
        first_id = UUID(int=int(oldest_to_keep.timestamp() * 1000) << 80)  # UUIDv7 begins with the time (RFC 9562).
        return self.webhooks.remove_deliveries_below(first_id) > 0

    def _end_failed(self, webhook: Webhook, delivery: Delivery, answer: Answer, now: datetime) -> None:
        asked = min(timedelta(seconds=answer.retry_after), MAX_RETRY_AFTER)
        wait = retry_wait(delivery.attempts)
        if answer.status == GONE or wait is None:
            self._end_delivery(delivery, answer, DeliveryStatus.FAILED)
        else:
            next_attempt_at = now + max(wait, asked)
            self.webhooks.update_delivery(delivery, last_status=answer.status, next_attempt_at=next_attempt_at)
        failures = webhook.failures + 1
        pause = max(min(timedelta(seconds=2 ** min(failures, 10)), MAX_PAUSE), asked)
        self.webhooks.update_webhook(webhook, sending_until=None, paused_until=now + pause, failures=failures)
        if answer.status == GONE:
            self.webhooks.update_webhook(webhook, is_active=False)
            self.webhooks.fail_pending_deliveries(webhook.id)
            log.warning("webhook_gone", webhook_id=webhook.id)

    def _end_delivery(self, delivery: Delivery, answer: Answer, status: DeliveryStatus) -> None:
        self.webhooks.update_delivery(delivery, status=status, last_status=answer.status, next_attempt_at=None)

    def _deliver(self, webhook_id: UUID, due_at: datetime) -> None:
        self.enqueue_at(due_at, "webhooks.deliver", webhook_id=webhook_id)


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    is_valid = webhook.old_secret_until is not None and webhook.old_secret_until > now
    return [webhook.secret, webhook.old_secret] if is_valid and webhook.old_secret else [webhook.secret]
