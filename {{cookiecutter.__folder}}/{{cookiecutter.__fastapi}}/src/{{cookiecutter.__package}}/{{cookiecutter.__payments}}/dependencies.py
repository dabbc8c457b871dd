"""What the routes of payments need."""

from time import time
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from ..core.routing import Anyone, DbSession
from ..events.transactions import outbox_of
from ..orders.dependencies import Orders
from .repository import PaymentRepository
from .service import PaymentService
from .settings import get_settings
from .signatures import HEADER, verify


async def payment_service(session: DbSession, orders: Orders) -> PaymentService:
    return PaymentService(PaymentRepository(session), orders, outbox_of(session).record)


class SignedByProvider(Anyone):
    """Only the payment provider may call: its signature says that it is the caller."""

    async def check(self, request: Request) -> None:
        secret = get_settings().payment_webhook_secret.get_secret_value()
        verify(request.headers.get(HEADER, ""), await request.body(), secret, time())


Payments = Annotated[PaymentService, Depends(payment_service)]
PROVIDER = Depends(SignedByProvider())
