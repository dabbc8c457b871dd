"""Webhooks over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import ADMIN
from ..core.pagination import Page, PageQuery
from ..core.routing import operation, own_transactions
from ..core.schemas import PageRead
from .dependencies import registration, webhook_service
from .models import Delivery, Webhook
from .schemas import DeliveryQuery, DeliveryRead, NewWebhook, WebhookChange, WebhookRead, WebhookWithSecret

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks")
@operation(ADMIN, returns=WebhookWithSecret, status=201)
@own_transactions
def add_webhook(body: NewWebhook) -> tuple[Webhook, dict[str, str]]:
    webhook = registration.add_webhook(body)
    return webhook, {"Location": f"/api/v1/webhooks/{webhook.id}"}


@bp.get("/webhooks")
@operation(ADMIN, returns=PageRead[WebhookRead])
def list_webhooks(query: PageQuery) -> Page[Webhook]:
    return webhook_service().list_webhooks(query)


@bp.get("/webhooks/<id:webhook_id>")
@operation(ADMIN, returns=WebhookRead)
def read_webhook(webhook_id: UUID) -> Webhook:
    return webhook_service().read_webhook(webhook_id)


@bp.patch("/webhooks/<id:webhook_id>")
@operation(ADMIN, returns=WebhookRead)
@own_transactions
def change_webhook(webhook_id: UUID, changes: WebhookChange) -> Webhook:
    return registration.change_webhook(webhook_id, changes)


@bp.delete("/webhooks/<id:webhook_id>")
@operation(ADMIN, returns=None, status=204)
def remove_webhook(webhook_id: UUID) -> None:
    webhook_service().remove_webhook(webhook_id)


@bp.post("/webhooks/<id:webhook_id>/secret")
@operation(ADMIN, returns=WebhookWithSecret)
def replace_webhook_secret(webhook_id: UUID) -> Webhook:
    return webhook_service().replace_secret(webhook_id)


@bp.get("/webhooks/<id:webhook_id>/deliveries")
@operation(ADMIN, returns=PageRead[DeliveryRead])
def list_deliveries(webhook_id: UUID, query: DeliveryQuery) -> Page[Delivery]:
    return webhook_service().list_deliveries(webhook_id, query)


@bp.post("/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>/retry")
@operation(ADMIN, returns=None, status=202)
def retry_delivery(webhook_id: UUID, delivery_id: UUID) -> None:
    webhook_service().retry_delivery(webhook_id, delivery_id)


@bp.post("/webhooks/<id:webhook_id>/test")
@operation(ADMIN, returns=None, status=202)
def test_webhook(webhook_id: UUID) -> None:
    webhook_service().send_test_event(webhook_id)
