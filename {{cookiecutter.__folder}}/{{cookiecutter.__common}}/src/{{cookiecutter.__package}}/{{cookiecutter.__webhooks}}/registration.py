"""Webhooks with a new URL. Its host is looked up first, without a transaction: others would wait for its locks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from pydantic_core import Url

from ..core.errors import Invalid
from .addresses import NotPublic, resolve
from .models import Webhook
from .schemas import NewWebhook, WebhookChange
from .service import WebhookService
from .settings import get_settings

RESOLVE_SECONDS = 2.0


class ForbiddenAddress(Invalid):
    code = "forbidden_address"
    field = "url"


class WebhookRegistration:
    """`in_transaction` opens a transaction and returns the service that works in it."""

    def __init__(self, in_transaction: Callable[[], AbstractContextManager[WebhookService]]) -> None:
        self.in_transaction = in_transaction

    def add_webhook(self, new: NewWebhook) -> Webhook:
        _check_host(new.url)
        with self.in_transaction() as webhooks:
            return webhooks.add_webhook(new)

    def change_webhook(self, webhook_id: UUID, changes: WebhookChange) -> Webhook:
        if isinstance(changes.url, str):
            _check_host(changes.url)
        with self.in_transaction() as webhooks:
            return webhooks.change_webhook(webhook_id, changes)


def _check_host(url: str) -> None:
    try:
        resolve(Url(url), RESOLVE_SECONDS, allow_private=get_settings().webhook_allow_private)
    except NotPublic:
        raise ForbiddenAddress("The host has an address that is not public.") from None
    except OSError:
        return  # Nobody knows the name now. It is looked up again for each delivery.
