"""What the worker does with deliveries: one at a time for each webhook, so that one that is slow or broken delays only
its own.

Knows no HTTP and no SQL, and never commits. A delivery begins and ends in transactions of its own: none is open while
it is sent. If the worker dies meanwhile, another one begins again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from ..events.schemas import EventRead
from ..events.service import first_id_since
from ..jobs.service import retry_wait
from .models import Delivery, Webhook
from .repository import WebhookRepository
from .schemas import DeliveryStatus
from .service import new_delivery

log = structlog.get_logger()

# Longer than it takes to send: see transport.py.
SENDING = timedelta(seconds=30)
# A webhook that fails again and again waits longer each time before it is sent anything.
MAX_PAUSE = timedelta(minutes=1)
# One that is slow waits this many times as long as it took, so that it takes a part of one thread only.
SLOW = timedelta(seconds=1)
SLOWNESS = 3
MAX_RETRY_AFTER = timedelta(days=1)
# A job comes for what is due this soon; for what is due later, the one of each minute.
SOON = timedelta(minutes=1)
# A job that should have come so long ago is lost.
LOST_AFTER = timedelta(minutes=2)
GONE = 410
# Of all requests, and not of this one alone.
BUSY = {429, 503}


@dataclass(frozen=True)
class Attempt:
    """What is to be sent now, signed with each of the secrets. `until` is the end of the worker's claim on the webhook,
    `next_attempt_at` the time at which it will be tried again if the worker dies.
    """

    webhook_id: UUID
    delivery_id: UUID
    url: str
    secrets: list[str]
    event: EventRead
    until: datetime
    next_attempt_at: datetime


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
        now = datetime.now(UTC)
        webhooks = self.webhooks.lock_active_webhooks()
        served = self.webhooks.list_webhooks_served(event.id)
        for webhook in webhooks:
            wants = not webhook.types or event.type in webhook.types
            if wants and webhook.created_at <= event.created_at and webhook.id not in served:
                self.webhooks.add_delivery(new_delivery(webhook, event))
                if not _is_after(webhook.sending_until, now):  # Otherwise the end of that delivery goes on.
                    self._wake_for_next(webhook, now)

    def begin(self, webhook_id: UUID) -> Attempt | None:
        """None if nothing is due, or while the webhook is paused or is being sent something."""
        now = datetime.now(UTC)
        webhook = self.webhooks.lock_webhook(webhook_id)
        if webhook is None:
            return None
        if not _is_after(webhook.wake_at, now):  # Otherwise this job was enqueued beside the one that comes then.
            self.webhooks.update_webhook(webhook, wake_at=None)
        if not webhook.is_active:
            self._fail_pending(webhook, now)
            return None
        is_busy = _is_after(webhook.sending_until, now) or _is_after(webhook.paused_until, now)
        delivery = None if is_busy else self.webhooks.find_due_delivery(webhook_id, now)
        if delivery is None or self._is_given_up(delivery):
            self._wake_for_next(webhook, now)
            return None
        return self._claim(webhook, delivery, now)

    def end(self, attempt: Attempt, answer: Answer) -> None:
        now = datetime.now(UTC)
        webhook = self.webhooks.lock_webhook(attempt.webhook_id)
        if webhook is None or webhook.sending_until != attempt.until:
            return  # Somebody has removed it, or this took so long that another worker has begun.
        self.webhooks.update_webhook(webhook, sending_until=None)
        if attempt.url == webhook.url:
            self._judge(webhook, answer, now, took=now - (attempt.until - SENDING))
        if delivery := self.webhooks.lock_delivery(attempt.webhook_id, attempt.delivery_id):
            self._end_attempt(delivery, attempt, answer, now)
        log.info(
            "webhook_sent",
            webhook_id=webhook.id,
            delivery_id=attempt.delivery_id,
            status=answer.status,
            fault=answer.fault,
        )
        if webhook.is_active:
            self._wake_for_next(webhook, now)
        else:
            self._wake(webhook, now)

    def wake_due_webhooks(self) -> None:
        """Each minute: what has waited for long, and what a job was lost for, because its workers have died."""
        now = datetime.now(UTC)
        for webhook_id in self.webhooks.list_due_webhooks(now, now - LOST_AFTER):
            if webhook := self.webhooks.lock_webhook(webhook_id):
                self.webhooks.update_webhook(webhook, wake_at=None)
                self._wake(webhook, now)

    def remove_webhook(self, webhook_id: UUID) -> bool:
        """Removes a part of its deliveries, and in the end the webhook itself. True if there is more."""
        if self.webhooks.remove_deliveries_of(webhook_id):
            return True
        self.webhooks.remove_webhook(webhook_id)
        return False

    def remove_old_deliveries(self, days: int) -> bool:
        """Removes a part of those that are older and have ended. True if there may be more."""
        return self.webhooks.remove_deliveries_below(first_id_since(days)) > 0

    def _claim(self, webhook: Webhook, delivery: Delivery, now: datetime) -> Attempt:
        until = now + SENDING
        attempts = delivery.attempts + 1
        next_attempt_at = max(until, now + (retry_wait(attempts) or SENDING))
        self.webhooks.update_webhook(webhook, sending_until=until)
        self.webhooks.update_delivery(delivery, attempts=attempts, last_attempt_at=now, next_attempt_at=next_attempt_at)
        event = EventRead.model_validate(delivery.event)
        secrets = _valid_secrets(webhook, now)
        return Attempt(webhook.id, delivery.id, webhook.url, secrets, event, until, next_attempt_at)

    def _is_given_up(self, delivery: Delivery) -> bool:
        """Its workers have died at each attempt."""
        if delivery.attempts == 0 or retry_wait(delivery.attempts):
            return False
        self._end_delivery(delivery, DeliveryStatus.FAILED, delivery.last_status)
        return True

    def _judge(self, webhook: Webhook, answer: Answer, now: datetime, took: timedelta) -> None:
        """How long the webhook is left alone after this answer, and whether it stays active."""
        failures = 0 if answer.is_success else webhook.failures + 1
        pauses = [took * SLOWNESS if took > SLOW else timedelta()]
        if failures:
            pauses.append(min(timedelta(seconds=2 ** min(failures, 10)), MAX_PAUSE))
        if answer.status in BUSY:
            pauses.append(_retry_after(answer))
        paused_until = now + max(pauses) if any(pauses) else None
        self.webhooks.update_webhook(webhook, failures=failures, paused_until=paused_until)
        if answer.status == GONE:
            self.webhooks.update_webhook(webhook, is_active=False)
            log.warning("webhook_gone", webhook_id=webhook.id)

    def _end_attempt(self, delivery: Delivery, attempt: Attempt, answer: Answer, now: datetime) -> None:
        wait = retry_wait(max(delivery.attempts, 1))
        if answer.is_success:
            self.webhooks.update_delivery(delivery, attempts=max(delivery.attempts, 1))
            self._end_delivery(delivery, DeliveryStatus.DELIVERED, answer.status)
        elif delivery.next_attempt_at != attempt.next_attempt_at:
            # Meanwhile, somebody has asked for another attempt now, or has deactivated the webhook.
            self.webhooks.update_delivery(delivery, last_status=answer.status)
        elif answer.status == GONE or wait is None:
            self._end_delivery(delivery, DeliveryStatus.FAILED, answer.status)
        else:
            next_attempt_at = now + max(wait, _retry_after(answer))
            self.webhooks.update_delivery(delivery, last_status=answer.status, next_attempt_at=next_attempt_at)

    def _end_delivery(self, delivery: Delivery, status: DeliveryStatus, last_status: int | None) -> None:
        self.webhooks.update_delivery(delivery, status=status, last_status=last_status, next_attempt_at=None)

    def _fail_pending(self, webhook: Webhook, now: datetime) -> None:
        if self.webhooks.fail_pending_deliveries(webhook.id):
            self._wake(webhook, now)  # There may be more.

    def _wake_for_next(self, webhook: Webhook, now: datetime) -> None:
        if next_attempt_at := self.webhooks.find_next_attempt_at(webhook.id):
            wake_at = max(now, next_attempt_at, webhook.sending_until or now, webhook.paused_until or now)
            if wake_at - now <= SOON:
                self._wake(webhook, wake_at)

    def _wake(self, webhook: Webhook, wake_at: datetime) -> None:
        """One job at a time waits to look what is due for a webhook."""
        if webhook.wake_at is None or wake_at < webhook.wake_at:
            self.webhooks.update_webhook(webhook, wake_at=wake_at)
            self.enqueue_at(wake_at, "webhooks.deliver", webhook_id=webhook.id)


def _is_after(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _retry_after(answer: Answer) -> timedelta:
    return min(timedelta(seconds=answer.retry_after), MAX_RETRY_AFTER)


def _valid_secrets(webhook: Webhook, now: datetime) -> list[str]:
    return [webhook.secret, *(old for old, until in webhook.old_secrets if datetime.fromisoformat(until) > now)]
