"""What the routes of webhooks need."""

from .registration import WebhookRegistration
from .settings import get_settings
from .transactions import webhooks as webhooks
from .transactions import webhooks_in_transaction

registration = WebhookRegistration(webhooks_in_transaction, allow_private=get_settings().webhook_allow_private)
