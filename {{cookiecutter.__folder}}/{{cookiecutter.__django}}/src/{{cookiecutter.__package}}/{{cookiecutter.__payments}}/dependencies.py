"""What the operations on payments need."""

from time import time

from django.http import HttpRequest

from ..orders.dependencies import orders
from .repository import PaymentRepository
from .service import PaymentService
from .settings import get_settings
from .signatures import HEADER, verify

payments = PaymentService(PaymentRepository(), orders)


def provider(request: HttpRequest) -> bool:
    """Declares an operation open for the payment provider: its signature says who it is."""
    secret = get_settings().payment_webhook_secret.get_secret_value()
    verify(request.headers.get(HEADER, ""), request.body, secret, time())
    return True
