"""What the operations on payments need."""

from time import time

from django.http import HttpRequest

from ..events.transactions import outbox
from ..orders.dependencies import orders
from .repository import PaymentRepository
from .service import PaymentService
from .settings import get_settings
from .signatures import HEADER, verify

payments = PaymentService(PaymentRepository(), orders, outbox.record)


def signed_by_provider(request: HttpRequest) -> bool:
    """Only the payment provider may call: its signature says that it is the caller."""
    secret = get_settings().payment_webhook_secret.get_secret_value()
    verify(request.headers.get(HEADER, ""), request.body, secret, time())
    return True
