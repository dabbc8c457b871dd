"""Webhooks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from ..auth.dependencies import Admin
from ..core.pagination import Page
from ..core.routing import PageParameters, api_router, own_transactions
from ..core.schemas import PageRead
from .dependencies import Registration, Webhooks
from .models import Delivery, Webhook
from .schemas import DeliveryQuery, DeliveryRead, NewWebhook, WebhookChange, WebhookRead, WebhookWithSecret

router = api_router()


@router.post("/webhooks", status_code=201, response_model=WebhookWithSecret)
@own_transactions
def add_webhook(body: NewWebhook, _admin: Admin, registration: Registration, response: Response) -> Webhook:
    webhook = registration.add_webhook(body)
    response.headers["Location"] = f"/api/v1/webhooks/{webhook.id}"
    return webhook


@router.get("/webhooks", response_model=PageRead[WebhookRead])
def list_webhooks(query: PageParameters, _admin: Admin, webhooks: Webhooks) -> Page[Webhook]:
    return webhooks.list_webhooks(query)


@router.get("/webhooks/{webhook_id:id}", response_model=WebhookRead)
def read_webhook(webhook_id: UUID, _admin: Admin, webhooks: Webhooks) -> Webhook:
    return webhooks.read_webhook(webhook_id)


@router.patch("/webhooks/{webhook_id:id}", response_model=WebhookRead)
@own_transactions
def change_webhook(webhook_id: UUID, changes: WebhookChange, _admin: Admin, registration: Registration) -> Webhook:
    return registration.change_webhook(webhook_id, changes)


@router.delete("/webhooks/{webhook_id:id}", status_code=204)
def remove_webhook(webhook_id: UUID, _admin: Admin, webhooks: Webhooks) -> None:
    webhooks.remove_webhook(webhook_id)


@router.post("/webhooks/{webhook_id:id}/secret", response_model=WebhookWithSecret)
def replace_webhook_secret(webhook_id: UUID, _admin: Admin, webhooks: Webhooks) -> Webhook:
    return webhooks.replace_secret(webhook_id)


@router.get("/webhooks/{webhook_id:id}/deliveries", response_model=PageRead[DeliveryRead])
def list_deliveries(
    webhook_id: UUID, query: Annotated[DeliveryQuery, Query()], _admin: Admin, webhooks: Webhooks
) -> Page[Delivery]:
    return webhooks.list_deliveries(webhook_id, query)


@router.post("/webhooks/{webhook_id:id}/deliveries/{delivery_id:id}/retry", status_code=202, response_class=Response)
def retry_delivery(webhook_id: UUID, delivery_id: UUID, _admin: Admin, webhooks: Webhooks) -> None:
    webhooks.retry_delivery(webhook_id, delivery_id)


@router.post("/webhooks/{webhook_id:id}/test", status_code=202, response_class=Response)
def test_webhook(webhook_id: UUID, _admin: Admin, webhooks: Webhooks) -> None:
    webhooks.send_test_event(webhook_id)
