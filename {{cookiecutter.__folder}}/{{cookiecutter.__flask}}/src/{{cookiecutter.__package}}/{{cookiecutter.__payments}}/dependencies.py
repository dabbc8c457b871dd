"""What the routes of payments need."""

from time import time

from flask import request

from ..core.routing import Anyone, current_session
from ..events.transactions import outbox_of
from ..orders.dependencies import order_service
from .repository import PaymentRepository
from .service import PaymentService
from .settings import get_settings
from .signatures import HEADER, verify


def payment_service() -> PaymentService:
    return PaymentService(PaymentRepository(current_session()), order_service(), outbox_of(current_session()).record)


class SignedByProvider(Anyone):
    """Only the payment provider may call: its signature says that it is the caller."""

    def check(self) -> None:
        secret = get_settings().payment_webhook_secret.get_secret_value()
        verify(request.headers.get(HEADER, ""), request.get_data(cache=True), secret, time())


PROVIDER = SignedByProvider()
