"""Who may call what: see tests/permissions.py."""

import httpx2

from .factories import add_category, add_product, new_product

ANSWERS = {
    "list_categories": "all all all all",
    "add_category": "401 403 403 ok",
    "list_products": "all all all all",
    "add_product": "401 403 403 ok",
    "read_product": "all all all all",
    "change_product": "401 403 403 ok",
    "remove_product": "401 403 403 ok",
}


def product_id(alice: httpx2.Client) -> str:
    return str(add_product(alice)["id"])


def product_of_a_category(alice: httpx2.Client) -> dict[str, object]:
    return new_product(add_category(alice)["id"])


BODIES = {
    "add_category": {"name": "Tables", "slug": "tables"},
    "add_product": product_of_a_category,
    "change_product": {"stock": 3},
}

PATH_IDS = {"product_id": product_id}
