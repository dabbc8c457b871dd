"""Payments for the tests, and events as the payment provider sends them."""

import json
from time import time
from typing import Any
from uuid import uuid4

import httpx2

from {{ cookiecutter.__package }}.payments.settings import get_settings
from {{ cookiecutter.__package }}.payments.signatures import sign

from ..orders.factories import key

WEBHOOK = "/api/v1/webhooks/payments"


def start_payment(client: httpx2.Client, order: dict[str, Any]) -> dict[str, Any]:
    response = client.post(f"/api/v1/orders/{order['id']}/payments", headers=key())
    assert response.status_code == 201, response.text
    payment: dict[str, Any] = response.json()
    return payment


def event(kind: str, payment: dict[str, Any]) -> dict[str, Any]:
    return {"id": uuid4().hex, "type": f"payment.{kind}", "data": {"payment_id": payment["id"]}}


def signature(body: bytes) -> dict[str, str]:
    secret = get_settings().payment_webhook_secret.get_secret_value()
    return {"Payment-Signature": sign(body, secret, int(time()))}


def send(client: httpx2.Client, event: dict[str, Any], **headers: str) -> httpx2.Response:
    body = json.dumps(event).encode()
    signed = {"Content-Type": "application/json"} | signature(body)
    return client.post(WEBHOOK, content=body, headers=signed | headers)


def pay(client: httpx2.Client, order: dict[str, Any]) -> dict[str, Any]:
    payment = start_payment(client, order)
    assert send(client, event("succeeded", payment)).status_code == 200
    return payment
