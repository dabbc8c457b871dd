"""Plays the payment provider."""

import json
from time import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import UUID

from uuid_utils.compat import uuid7

from .schemas import SUCCEEDED, PaymentStatus
from .settings import get_settings
from .signatures import HEADER, sign
from .transactions import payments_in_transaction

TIMEOUT_SECONDS = 10


def send_success(order_id: UUID, service_url: str) -> str:
    """Returns what the service answers. Raises LookupError if there is no payment, or if the service refuses."""
    body = json.dumps({"id": str(uuid7()), "type": SUCCEEDED, "data": {"payment_id": str(_pending(order_id))}}).encode()
    secret = get_settings().payment_webhook_secret.get_secret_value()
    headers = {"Content-Type": "application/json", HEADER: sign(body, secret, int(time()))}
    request = Request(f"{service_url}/api/v1/webhooks/payments", body, headers)  # noqa: S310, always http
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            answer: str = response.read().decode()
            return answer
    except HTTPError as error:
        raise LookupError(f"{service_url}: {error.read().decode()}") from None
    except URLError:
        raise LookupError(f"Nothing answers at {service_url}: start it with `dev`, or choose another --port.") from None


def _pending(order_id: UUID) -> UUID:
    with payments_in_transaction() as payments:
        for payment in payments.list_payments(order_id):
            if payment.status == PaymentStatus.PENDING:
                return payment.id
    raise LookupError("No payment of this order waits: a customer starts one with POST /api/v1/orders/{id}/payments.")
