"""The services of webhooks in a transaction of their own: for the worker, and for operations with a URL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections
from django.db.transaction import atomic

from ..events.settings import get_settings as get_event_settings
from ..jobs.transactions import queue
from .deliveries import DeliveryService
from .repository import WebhookRepository
from .service import WebhookService

webhooks = WebhookService(WebhookRepository(), queue.enqueue)


@contextmanager
def webhooks_in_transaction() -> Iterator[WebhookService]:
    close_old_connections()  # The connection may have died while a name was looked up.
    with atomic(durable=True):
        yield webhooks


@contextmanager
def deliveries_in_transaction() -> Iterator[DeliveryService]:
    close_old_connections()  # The connection may have died while something was sent.
    with atomic(durable=True):
        yield DeliveryService(WebhookRepository(), queue.enqueue_at)


def retention_days() -> int:
    """Deliveries are kept as long as events."""
    return get_event_settings().event_retention_days
