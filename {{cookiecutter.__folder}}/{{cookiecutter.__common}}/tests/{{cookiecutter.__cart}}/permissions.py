"""Who may call what: see tests/permissions.py."""

ANSWERS = {
    "read_cart": "401 ok ok ok",
    "put_cart_item": "401 ok ok ok",
    "remove_cart_item": "401 ok ok ok",
}

BODIES = {"put_cart_item": {"quantity": 2}}
