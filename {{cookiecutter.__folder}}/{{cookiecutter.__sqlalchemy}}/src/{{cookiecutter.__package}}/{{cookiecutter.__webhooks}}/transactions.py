"""The services of webhooks in a transaction of their own: for the worker, and for operations with a URL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from ..events.settings import get_settings as get_event_settings
from ..jobs.transactions import jobs_of
from .deliveries import DeliveryService
from .repository import WebhookRepository
from .service import WebhookService


def webhooks_of(session: Session) -> WebhookService:
    return WebhookService(WebhookRepository(session), jobs_of(session).enqueue)


@contextmanager
def webhooks_in_transaction() -> Iterator[WebhookService]:
    with open_session() as session, transaction(session):
        yield webhooks_of(session)


@contextmanager
def deliveries_in_transaction() -> Iterator[DeliveryService]:
    with open_session() as session, transaction(session):
        yield DeliveryService(WebhookRepository(session), jobs_of(session).enqueue_at)


def retention_days() -> int:
    """Deliveries are kept as long as events."""
    return get_event_settings().event_retention_days
