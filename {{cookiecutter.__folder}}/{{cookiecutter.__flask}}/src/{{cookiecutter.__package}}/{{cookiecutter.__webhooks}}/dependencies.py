"""What the routes of webhooks need."""

from ..core.routing import current_session
from .registration import WebhookRegistration
from .service import WebhookService
from .settings import get_settings
from .transactions import webhooks_in_transaction, webhooks_of


def webhook_service() -> WebhookService:
    return webhooks_of(current_session())


def webhook_registration() -> WebhookRegistration:
    return WebhookRegistration(webhooks_in_transaction, allow_private=get_settings().webhook_allow_private)
