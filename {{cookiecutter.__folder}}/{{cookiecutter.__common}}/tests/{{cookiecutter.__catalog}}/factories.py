"""Categories and products for the tests, added by an administrator."""

from typing import Any
from uuid import uuid4

import httpx2

from {{ cookiecutter.__package }}.users.schemas import Role

from ..accounts import Account


def add_category(client: httpx2.Client, **fields: object) -> dict[str, Any]:
    unique = uuid4().hex
    return _add(client, "/api/v1/categories", {"name": "Chairs", "slug": unique} | fields)


def add_product(client: httpx2.Client, **fields: object) -> dict[str, Any]:
    category_id = fields.get("category_id") or add_category(client)["id"]
    return _add(client, "/api/v1/products", new_product(category_id) | fields)


def new_product(category_id: object) -> dict[str, object]:
    return {
        "sku": uuid4().hex,
        "name": "Chair",
        "price_cents": 4900,
        "currency": "EUR",
        "category_id": category_id,
        "stock": 5,
    }


def _add(client: httpx2.Client, path: str, body: dict[str, object]) -> dict[str, Any]:
    seller = Account(f"seller-{uuid4().hex}", Role.ADMIN)
    response = client.post(path, json=body, headers=seller.sign_in())
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created
