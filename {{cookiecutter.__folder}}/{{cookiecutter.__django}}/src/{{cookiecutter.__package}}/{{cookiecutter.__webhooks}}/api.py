"""Webhooks over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from ..auth.dependencies import admin
from ..core.pagination import Page, PageQuery
from ..core.routing import own_transactions
from ..core.schemas import PageRead
from .dependencies import registration, webhooks
from .models import Delivery, Webhook
from .schemas import DeliveryQuery, DeliveryRead, NewWebhook, WebhookChange, WebhookRead, WebhookWithSecret

router = Router()


@router.post("/webhooks", response={201: WebhookWithSecret}, auth=admin)
@own_transactions
def add_webhook(request: HttpRequest, body: NewWebhook, response: HttpResponse) -> Status[Webhook]:
    webhook = registration.add_webhook(body)
    response["Location"] = f"/api/v1/webhooks/{webhook.id}"
    return Status(201, webhook)


@router.get("/webhooks", response=PageRead[WebhookRead], auth=admin)
def list_webhooks(request: HttpRequest, query: Query[PageQuery]) -> Page[Webhook]:
    return webhooks.list_webhooks(query)


@router.get("/webhooks/{id:webhook_id}", response=WebhookRead, auth=admin)
def read_webhook(request: HttpRequest, webhook_id: UUID) -> Webhook:
    return webhooks.read_webhook(webhook_id)


@router.patch("/webhooks/{id:webhook_id}", response=WebhookRead, auth=admin)
@own_transactions
def change_webhook(request: HttpRequest, webhook_id: UUID, changes: WebhookChange) -> Webhook:
    return registration.change_webhook(webhook_id, changes)


@router.delete("/webhooks/{id:webhook_id}", response={204: None}, auth=admin)
def remove_webhook(request: HttpRequest, webhook_id: UUID) -> Status[None]:
    webhooks.remove_webhook(webhook_id)
    return Status(204, None)


@router.post("/webhooks/{id:webhook_id}/secret", response=WebhookWithSecret, auth=admin)
def replace_webhook_secret(request: HttpRequest, webhook_id: UUID) -> Webhook:
    return webhooks.replace_secret(webhook_id)


@router.get("/webhooks/{id:webhook_id}/deliveries", response=PageRead[DeliveryRead], auth=admin)
def list_deliveries(request: HttpRequest, webhook_id: UUID, query: Query[DeliveryQuery]) -> Page[Delivery]:
    return webhooks.list_deliveries(webhook_id, query)


@router.post("/webhooks/{id:webhook_id}/deliveries/{id:delivery_id}/retry", response={202: None}, auth=admin)
def retry_delivery(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> Status[None]:
    webhooks.retry_delivery(webhook_id, delivery_id)
    return Status(202, None)


@router.post("/webhooks/{id:webhook_id}/test", response={202: None}, auth=admin)
def test_webhook(request: HttpRequest, webhook_id: UUID) -> Status[None]:
    webhooks.send_test_event(webhook_id)
    return Status(202, None)
