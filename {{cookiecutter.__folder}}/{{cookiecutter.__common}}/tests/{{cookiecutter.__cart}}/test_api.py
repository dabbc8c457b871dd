"""The cart over HTTP."""

from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.cart.repository import CartRepository

from ..catalog.factories import add_product
from ..races import meanwhile

ID = "0192abcd-0000-7000-8000-000000000000"


def put(client: httpx2.Client, product: dict[str, Any], quantity: object = 1) -> httpx2.Response:
    return client.put(f"/api/v1/cart/items/{product['id']}", json={"quantity": quantity})


def quantities(client: httpx2.Client) -> dict[str, int]:
    return {item["name"]: item["quantity"] for item in client.get("/api/v1/cart").json()["items"]}


class TestReadCart:
    def test_is_empty_at_first(self, alice: httpx2.Client) -> None:
        assert alice.get("/api/v1/cart").json() == {"items": [], "total_cents": 0, "currency": None}

    def test_has_a_line_for_each_product(self, alice: httpx2.Client) -> None:
        chair = add_product(alice, name="Chair", price_cents=4900)
        table = add_product(alice, name="Table", price_cents=2147483647)
        put(alice, chair, 2)

        response = put(alice, table, 999)

        assert response.json() == alice.get("/api/v1/cart").json()
        assert response.json() == {
            "items": [
                {
                    "product_id": chair["id"],
                    "name": "Chair",
                    "quantity": 2,
                    "unit_price_cents": 4900,
                    "line_total_cents": 9800,
                },
                {
                    "product_id": table["id"],
                    "name": "Table",
                    "quantity": 999,
                    "unit_price_cents": 2147483647,
                    "line_total_cents": 2145336163353,
                },
            ],
            "total_cents": 2145336173153,
            "currency": "EUR",
        }

    def test_is_ones_own(self, alice: httpx2.Client, bob: httpx2.Client) -> None:
        put(alice, add_product(alice))

        assert quantities(bob) == {}

    @pytest.mark.parametrize("change", [{"name": "Stool", "price_cents": 1}, {"stock": 0}])
    def test_shows_a_product_as_it_is_now(
        self, alice: httpx2.Client, admin: httpx2.Client, change: dict[str, Any]
    ) -> None:
        chair = add_product(alice)
        put(alice, chair)

        changed = admin.patch(f"/api/v1/products/{chair['id']}", json=change).json()

        [item] = alice.get("/api/v1/cart").json()["items"]
        assert (item["name"], item["unit_price_cents"]) == (changed["name"], changed["price_cents"])

    def test_a_product_that_got_another_currency_has_left(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        chair, table = add_product(alice, name="Chair"), add_product(alice, name="Table")
        put(alice, chair)
        put(alice, table)

        admin.patch(f"/api/v1/products/{chair['id']}", json={"currency": "USD"})

        assert quantities(alice) == {"Table": 1}

    def test_a_product_that_was_removed_has_left(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        chair = add_product(alice)
        put(alice, chair)

        admin.delete(f"/api/v1/products/{chair['id']}")

        assert quantities(alice) == {}


class TestPutCartItem:
    def test_the_last_quantity_counts(self, alice: httpx2.Client) -> None:
        chair, table = add_product(alice, name="Chair"), add_product(alice, name="Table")
        put(alice, chair, 2)
        put(alice, table, 1)

        put(alice, chair, 5)

        assert quantities(alice) == {"Chair": 5, "Table": 1}

    def test_needs_a_product(self, alice: httpx2.Client) -> None:
        assert put(alice, {"id": ID}).json()["code"] == "product_not_found"

    @pytest.mark.parametrize("quantity", [0, -1, 1000, "1", 1.5, None, True])
    def test_refuses_a_quantity_that_can_not_be(self, alice: httpx2.Client, quantity: object) -> None:
        assert put(alice, add_product(alice), quantity).status_code == 422

    def test_refuses_another_currency(self, alice: httpx2.Client) -> None:
        put(alice, add_product(alice, currency="EUR"))
        dollars = add_product(alice, currency="USD")

        response = put(alice, dollars)

        assert (response.status_code, response.json()["code"]) == (409, "currency_mismatch")
        assert quantities(alice) == {"Chair": 1}

    def test_refuses_another_currency_that_comes_at_the_same_time(self, alice: httpx2.Client) -> None:
        euros, dollars = add_product(alice, currency="EUR"), add_product(alice, currency="USD")

        with meanwhile(CartRepository, "save_item", lambda: put(alice, dollars).status_code) as second:
            first = put(alice, euros).status_code

        assert (first, second.result) == (200, 409)

    def test_a_product_in_another_currency_does_not_come_back(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        chair, table = add_product(alice, name="Chair"), add_product(alice, name="Table", currency="USD")
        put(alice, chair)
        admin.patch(f"/api/v1/products/{chair['id']}", json={"currency": "USD"})
        put(alice, table)

        admin.patch(f"/api/v1/products/{chair['id']}", json={"currency": "EUR"})

        assert quantities(alice) == {"Table": 1}

    def test_takes_another_currency_when_nothing_else_is_there(
        self, alice: httpx2.Client, admin: httpx2.Client
    ) -> None:
        chair = add_product(alice, currency="EUR")
        put(alice, chair)
        admin.patch(f"/api/v1/products/{chair['id']}", json={"currency": "USD"})

        assert put(alice, chair).json()["currency"] == "USD"


class TestRemoveCartItem:
    def test_leaves_the_others(self, alice: httpx2.Client) -> None:
        chair, table = add_product(alice, name="Chair"), add_product(alice, name="Table")
        put(alice, chair)
        put(alice, table)

        response = alice.delete(f"/api/v1/cart/items/{chair['id']}")

        assert response.status_code == 204
        assert quantities(alice) == {"Table": 1}

    def test_of_what_is_not_there_succeeds(self, alice: httpx2.Client) -> None:
        assert alice.delete(f"/api/v1/cart/items/{ID}").status_code == 204
