"""What the routes of webhooks need."""

from ..core.routing import current_session
from .registration import WebhookRegistration
from .service import WebhookService
from .transactions import webhooks_in_transaction, webhooks_of

registration = WebhookRegistration(webhooks_in_transaction)


def webhook_service() -> WebhookService:
    return webhooks_of(current_session())
