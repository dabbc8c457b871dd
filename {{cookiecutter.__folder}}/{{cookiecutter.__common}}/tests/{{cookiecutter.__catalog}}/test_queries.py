"""A page of products costs the same, however many there are: its query follows an index and ends with the page."""

import httpx2
import pytest

from {{ cookiecutter.__package }}.catalog.seeds import seed

from ..database import Database
from ..plans import scans_and_sorts, update_statistics
from ..statements import recorded_statements

PRODUCTS = "/api/v1/products"
PRICES = {"min_price_cents": 10_000, "max_price_cents": 30_000}


@pytest.mark.slow
def test_a_page_needs_no_full_scan_and_no_sort(client: httpx2.Client, database: Database) -> None:
    seed(20_000)
    update_statistics(database)
    category = client.get("/api/v1/categories").json()["items"][0]
    found = []

    for filters in ({}, {"category_id": category["id"]}, PRICES, {"category_id": category["id"], **PRICES}):
        cursor = client.get(PRODUCTS, params=filters).json()["next_cursor"]
        for place in ({}, {"cursor": cursor}):
            with recorded_statements() as statements:
                assert len(client.get(PRODUCTS, params={**filters, **place}).json()["items"]) == 20
            for statement, parameters in statements:
                found += scans_and_sorts(database, statement, parameters)

    assert found == []


@pytest.mark.slow
def test_the_demo_data_is_the_same_each_time(client: httpx2.Client, database: Database) -> None:
    seed(1_500)
    first = database.rows("SELECT sku, name, price_cents, stock FROM products ORDER BY sku")
    seed(1_500)

    assert database.rows("SELECT sku, name, price_cents, stock FROM products ORDER BY sku") == first
    assert len(first) == 1_500
