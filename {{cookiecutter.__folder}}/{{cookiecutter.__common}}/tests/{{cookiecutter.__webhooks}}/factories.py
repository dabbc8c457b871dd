"""Webhooks and deliveries for the tests, made without an administrator."""

import httpx2

from {{ cookiecutter.__package }}.core.pagination import PageQuery
from {{ cookiecutter.__package }}.webhooks.schemas import DeliveryQuery, NewWebhook
from {{ cookiecutter.__package }}.webhooks.transactions import webhooks_in_transaction

URL = "https://8.8.8.8/hook"


def webhook_id(_alice: httpx2.Client) -> str:
    with webhooks_in_transaction() as webhooks:
        return str(webhooks.add_webhook(NewWebhook(url=URL)).id)


def delivery_id(_alice: httpx2.Client) -> str:
    """To the newest webhook."""
    with webhooks_in_transaction() as webhooks:
        webhook = webhooks.list_webhooks(PageQuery()).items[0]
        webhooks.send_test_event(webhook.id)
        return str(webhooks.list_deliveries(webhook.id, DeliveryQuery()).items[0].id)
