"""What administrators do with webhooks.

Knows no HTTP and no SQL, and never commits: the request is the transaction. Whoever changes a webhook, or adds or
changes one of its deliveries, locks the webhook first.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..core.errors import Conflict, NotFound
from ..core.pagination import Cursors, Page, PageQuery
from ..events.schemas import EventRead
from .models import Delivery, Webhook
from .repository import WebhookRepository
from .schemas import DeliveryQuery, DeliveryStatus, NewWebhook, WebhookChange

log = structlog.get_logger()

SECRET_BYTES = 32
# After a new secret: receivers have this long to learn it.
OLD_SECRET_IS_VALID = timedelta(hours=24)
MAX_OLD_SECRETS = 20

webhook_cursors = Cursors("webhooks")


class WebhookNotFound(NotFound):
    code = "webhook_not_found"


class DeliveryNotFound(NotFound):
    code = "delivery_not_found"


class WebhookInactive(Conflict):
    code = "webhook_inactive"


class WebhookService:
    """`enqueue` lets a worker run a job of webhooks/jobs.py, after the commit."""

    def __init__(self, webhooks: WebhookRepository, enqueue: Callable[..., None]) -> None:
        self.webhooks = webhooks
        self.enqueue = enqueue

    def add_webhook(self, new: NewWebhook) -> Webhook:
        webhook = Webhook(
            id=uuid7(),
            url=new.url,
            types=new.types,
            description=new.description,
            is_active=True,
            secret=_new_secret(),
            old_secrets=[],
            failures=0,
            is_removed=False,
            created_at=datetime.now(UTC),
        )
        self.webhooks.add_webhook(webhook)
        log.info("webhook_added", webhook_id=webhook.id)
        return webhook

    def list_webhooks(self, query: PageQuery) -> Page[Webhook]:
        return webhook_cursors.page(query, self.webhooks.list_webhooks)

    def read_webhook(self, webhook_id: UUID) -> Webhook:
        return _found(self.webhooks.find_webhook(webhook_id))

    def change_webhook(self, webhook_id: UUID, changes: WebhookChange) -> Webhook:
        webhook = self._lock(webhook_id)
        changed = {name: value for name, value in changes.model_dump().items() if getattr(webhook, name) != value}
        if changed:
            self.webhooks.update_webhook(webhook, **changed)
            log.info("webhook_changed", webhook_id=webhook_id, is_active=webhook.is_active)
        if changed.keys() & {"url", "is_active"}:
            self.webhooks.update_webhook(webhook, failures=0)
            self._deliver_now(webhook)
        return webhook

    def remove_webhook(self, webhook_id: UUID) -> None:
        """Its deliveries may be many: a job removes them."""
        webhook = self._lock(webhook_id)
        self.webhooks.update_webhook(webhook, is_removed=True)
        self.enqueue("webhooks.remove_webhook", webhook_id=webhook_id)
        log.info("webhook_removed", webhook_id=webhook_id)

    def replace_secret(self, webhook_id: UUID) -> Webhook:
        """For a while, deliveries are signed with the old secret, too."""
        webhook = self._lock(webhook_id)
        old = [*webhook.old_secrets, [webhook.secret, (datetime.now(UTC) + OLD_SECRET_IS_VALID).isoformat()]]
        self.webhooks.update_webhook(webhook, secret=_new_secret(), old_secrets=old[-MAX_OLD_SECRETS:])
        log.info("webhook_secret_replaced", webhook_id=webhook_id)
        return webhook

    def list_deliveries(self, webhook_id: UUID, query: DeliveryQuery) -> Page[Delivery]:
        webhook = self.read_webhook(webhook_id)

        def fetch(below: UUID | None, limit: int) -> Sequence[Delivery]:
            return self.webhooks.list_deliveries(webhook.id, below, limit, **query.filters())

        return Cursors(f"deliveries:{webhook.id}").page(query, fetch)

    def retry_delivery(self, webhook_id: UUID, delivery_id: UUID) -> None:
        """Now, and then as often as a new one."""
        webhook = self._lock_active(webhook_id)
        delivery = self.webhooks.lock_delivery(webhook_id, delivery_id)
        if delivery is None:
            raise DeliveryNotFound("There is no such delivery.")
        self.webhooks.update_delivery(
            delivery, status=DeliveryStatus.PENDING, attempts=0, next_attempt_at=datetime.now(UTC)
        )
        self._deliver_now(webhook)

    def send_test_event(self, webhook_id: UUID) -> None:
        """To this webhook alone, whatever its types are. No list of events has it."""
        webhook = self._lock_active(webhook_id)
        now = datetime.now(UTC)
        event = EventRead(id=uuid7(), type="webhook.test", created_at=now, data={"webhook_id": str(webhook_id)})
        self.webhooks.add_delivery(new_delivery(webhook, event))
        self._deliver_now(webhook)

    def _lock(self, webhook_id: UUID) -> Webhook:
        return _found(self.webhooks.lock_webhook(webhook_id))

    def _lock_active(self, webhook_id: UUID) -> Webhook:
        webhook = self._lock(webhook_id)
        if not webhook.is_active:
            raise WebhookInactive("The webhook is not active.")
        return webhook

    def _deliver_now(self, webhook: Webhook) -> None:
        self.webhooks.update_webhook(webhook, paused_until=None)
        self.enqueue("webhooks.deliver", webhook_id=webhook.id)


def new_delivery(webhook: Webhook, event: EventRead) -> Delivery:
    return Delivery(
        id=uuid7(),
        webhook_id=webhook.id,
        event_id=event.id,
        event_type=event.type,
        event=event.model_dump(mode="json"),
        status=DeliveryStatus.PENDING,
        attempts=0,
        next_attempt_at=datetime.now(UTC),
    )


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise WebhookNotFound("There is no such webhook.")
    return webhook


def _new_secret() -> str:
    """As Standard Webhooks writes it."""
    return f"whsec_{b64encode(token_bytes(SECRET_BYTES)).decode()}"
