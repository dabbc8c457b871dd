"""A page of orders costs the same, however many there are."""

from uuid import UUID

import httpx2
import pytest
from uuid_utils.compat import uuid7

from ..accounts import Account
from ..database import Database
from ..plans import scans_and_sorts, update_statistics
from ..statements import recorded_statements

ORDERS = "/api/v1/orders"
STATUSES = ["pending", "paid", "fulfilled", "cancelled"]


def insert_order(user_id: UUID, number: int) -> str:
    time = "2026-01-01 00:00:00.000000"
    return (
        "INSERT INTO orders (id, user_id, status, total_cents, currency, created_at, updated_at) VALUES"
        f" ('{uuid7().hex}', '{user_id.hex}', '{STATUSES[number % 4]}', 0, 'EUR', '{time}', '{time}')"
    )


@pytest.mark.slow
def test_a_page_needs_no_full_scan_and_no_sort(client: httpx2.Client, database: Database) -> None:
    alice, bob = Account("alice"), Account("bob")
    client.headers.update(alice.sign_in())
    database.execute(*(insert_order((alice if number % 8 < 4 else bob).user.id, number) for number in range(4_000)))
    update_statistics(database)
    found = []

    for filters in ({}, {"status": "paid"}):
        cursor = client.get(ORDERS, params=filters).json()["next_cursor"]
        for place in ({}, {"cursor": cursor}):
            with recorded_statements() as statements:
                assert len(client.get(ORDERS, params={**filters, **place}).json()["items"]) == 20
            for statement, parameters in statements:
                if "total_cents" in statement:
                    found += scans_and_sorts(database, statement, parameters)

    assert found == []
