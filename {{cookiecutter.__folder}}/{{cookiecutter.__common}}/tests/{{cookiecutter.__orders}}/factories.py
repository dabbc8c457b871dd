"""Orders for the tests."""

from typing import Any
from uuid import uuid4

import httpx2

from ..catalog.factories import add_product


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def fill_cart(client: httpx2.Client, quantity: int = 1, **fields: object) -> dict[str, Any]:
    product = add_product(client, **fields)
    response = client.put(f"/api/v1/cart/items/{product['id']}", json={"quantity": quantity})
    assert response.status_code == 200, response.text
    return product


def check_out(client: httpx2.Client) -> dict[str, Any]:
    response = client.post("/api/v1/orders", headers=key())
    assert response.status_code == 201, response.text
    order: dict[str, Any] = response.json()
    return order


def add_order(client: httpx2.Client, quantity: int = 1, **fields: object) -> dict[str, Any]:
    """An order of one new product."""
    fill_cart(client, quantity, **fields)
    return check_out(client)
