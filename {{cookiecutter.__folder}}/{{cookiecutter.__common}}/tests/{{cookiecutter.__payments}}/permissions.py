"""Who may call what: see tests/permissions.py."""

import httpx2

from ..orders.factories import key
from .factories import WEBHOOK, signature

ANSWERS = {
    "list_payments": "401 ok 404 ok",
    "start_payment": "401 ok 404 404",
    "receive_payment_event": "all all all all",
}

EVENT = {"id": "a", "type": "account.updated", "data": {}}

BODIES = {"receive_payment_event": EVENT}

HEADERS = {
    "start_payment": key(),
    "receive_payment_event": signature(httpx2.Request("POST", f"http://test{WEBHOOK}", json=EVENT).read()),
}
