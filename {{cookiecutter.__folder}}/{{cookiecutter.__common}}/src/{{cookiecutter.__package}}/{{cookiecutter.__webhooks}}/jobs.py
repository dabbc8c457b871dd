"""What the worker does for webhooks."""

from uuid import UUID

from ..jobs.registry import job, scheduled
from ..jobs.service import sweep
from .settings import get_settings
from .transactions import deliveries_in_transaction, retention_days
from .transport import send


@job
def deliver(webhook_id: UUID) -> None:
    """The delivery that has been due the longest. Its end enqueues the next one."""
    with deliveries_in_transaction() as deliveries:
        attempt = deliveries.begin(webhook_id)
    if attempt:
        answer = send(attempt, allow_private=get_settings().webhook_allow_private)
        with deliveries_in_transaction() as deliveries:
            deliveries.end(attempt, answer)


@job
def remove_webhook(webhook_id: UUID) -> None:
    sweep(deliveries_in_transaction, lambda deliveries: deliveries.remove_webhook(webhook_id))


@scheduled("* * * * *")
def wake_due_webhooks() -> None:
    with deliveries_in_transaction() as deliveries:
        deliveries.wake_due_webhooks()


@scheduled("55 * * * *")
def remove_old_deliveries() -> None:
    days = retention_days()
    sweep(deliveries_in_transaction, lambda deliveries: deliveries.remove_old_deliveries(days))
