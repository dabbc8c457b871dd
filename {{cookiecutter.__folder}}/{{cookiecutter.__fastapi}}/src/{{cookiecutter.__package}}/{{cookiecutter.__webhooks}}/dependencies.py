"""What the routes of webhooks need."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from .registration import WebhookRegistration
from .service import WebhookService
from .transactions import webhooks_in_transaction, webhooks_of


async def webhook_service(session: DbSession) -> WebhookService:
    return webhooks_of(session)


async def webhook_registration() -> WebhookRegistration:
    return WebhookRegistration(webhooks_in_transaction)


Webhooks = Annotated[WebhookService, Depends(webhook_service)]
Registration = Annotated[WebhookRegistration, Depends(webhook_registration)]
