"""What the routes of webhooks need."""

from .registration import WebhookRegistration
from .transactions import webhooks as webhooks
from .transactions import webhooks_in_transaction

registration = WebhookRegistration(webhooks_in_transaction)
