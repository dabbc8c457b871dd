"""Who may call what: see tests/permissions.py."""

import httpx2

from .factories import add_order, key

ANSWERS = {
    "create_order": "401 409 409 409",  # Their carts are empty.
    "list_orders": "401 ok ok ok",
    "read_order": "401 ok 404 ok",
    "change_order_status": "401 ok 404 ok",
}

BODIES = {"change_order_status": {"status": "cancelled"}}

HEADERS = {"create_order": key()}


def order_id(alice: httpx2.Client) -> str:
    return str(add_order(alice)["id"])


PATH_IDS = {"order_id": order_id}
