"""Who may call what: see tests/permissions.py."""

from .factories import URL, delivery_id, webhook_id

ANSWERS = {
    "add_webhook": "401 403 403 ok",
    "list_webhooks": "401 403 403 ok",
    "read_webhook": "401 403 403 ok",
    "change_webhook": "401 403 403 ok",
    "remove_webhook": "401 403 403 ok",
    "replace_webhook_secret": "401 403 403 ok",
    "list_deliveries": "401 403 403 ok",
    "retry_delivery": "401 403 403 ok",
    "test_webhook": "401 403 403 ok",
}

BODIES = {
    "add_webhook": {"url": URL},
    "change_webhook": {"description": "another one"},
}

PATH_IDS = {"webhook_id": webhook_id, "delivery_id": delivery_id}
