"""Orders over HTTP."""

from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.catalog.repository import CatalogRepository
from {{ cookiecutter.__package }}.orders.repository import OrderRepository

from ..database import Database
from ..passwords import PASSWORD
from ..races import meanwhile
from .factories import add_order, check_out, fill_cart, key

ID = "0192abcd-0000-7000-8000-000000000000"
ORDERS = "/api/v1/orders"


def stock_of(client: httpx2.Client, product: dict[str, Any]) -> int:
    stock: int = client.get(f"/api/v1/products/{product['id']}").json()["stock"]
    return stock


def change_status(client: httpx2.Client, order: dict[str, Any], status: object) -> httpx2.Response:
    return client.patch(f"{ORDERS}/{order['id']}/status", json={"status": status})


def put_into(database: Database, status: str) -> None:
    database.execute(f"UPDATE orders SET status = '{status}'")


class TestCreateOrder:
    def test_turns_the_cart_into_an_order(self, alice: httpx2.Client) -> None:
        chair = fill_cart(alice, 2, name="Chair", price_cents=4900)
        table = fill_cart(alice, 1, name="Table", price_cents=2147483647)

        response = alice.post(ORDERS, headers=key())

        order = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"{ORDERS}/{order['id']}"
        assert order["status"] == "pending"
        assert (order["total_cents"], order["currency"]) == (2147493447, "EUR")
        assert order["items"] == [
            {
                "product_id": product["id"],
                "sku": product["sku"],
                "name": product["name"],
                "quantity": quantity,
                "unit_price_cents": product["price_cents"],
            }
            for product, quantity in ((chair, 2), (table, 1))
        ]
        assert order == alice.get(response.headers["Location"]).json()
        assert alice.get("/api/v1/cart").json()["items"] == []

    def test_takes_the_stock(self, alice: httpx2.Client) -> None:
        chair = fill_cart(alice, 2, stock=5)

        check_out(alice)

        assert stock_of(alice, chair) == 3

    def test_needs_something_in_the_cart(self, alice: httpx2.Client) -> None:
        response = alice.post(ORDERS, headers=key())

        assert (response.status_code, response.json()["code"]) == (409, "cart_empty")

    def test_takes_all_or_nothing(self, alice: httpx2.Client) -> None:
        chair = fill_cart(alice, 1, stock=5)
        table, lamp = fill_cart(alice, 2, stock=1), fill_cart(alice, 1, stock=0)

        response = alice.post(ORDERS, headers=key())

        assert (response.status_code, response.json()["code"]) == (409, "out_of_stock")
        assert [error["field"] for error in response.json()["errors"]] == [table["id"], lamp["id"]]
        assert [stock_of(alice, product) for product in (chair, table, lamp)] == [5, 1, 0]
        assert len(alice.get("/api/v1/cart").json()["items"]) == 3
        assert alice.get(ORDERS).json()["items"] == []

    def test_keeps_the_prices(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        order = add_order(alice, price_cents=4900)
        [item] = order["items"]

        admin.patch(f"/api/v1/products/{item['product_id']}", json={"price_cents": 1, "name": "Stool"})

        assert alice.get(f"{ORDERS}/{order['id']}").json() == order

    def test_nobody_changes_its_products_meanwhile(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        chair = fill_cart(alice, price_cents=4900)

        def change() -> int:
            return admin.patch(f"/api/v1/products/{chair['id']}", json={"price_cents": 1}).status_code

        with meanwhile(CatalogRepository, "take_stock", change) as second:
            order = check_out(alice)

        assert (second.waited, second.result) == (True, 200)
        assert order["total_cents"] == 4900

    def test_a_product_that_was_ordered_is_archived_when_it_is_removed(
        self, alice: httpx2.Client, admin: httpx2.Client
    ) -> None:
        order = add_order(alice)
        product = f"/api/v1/products/{order['items'][0]['product_id']}"

        response = admin.delete(product)

        assert response.status_code == 204
        assert admin.get(product).status_code == 404
        assert admin.delete(product).status_code == 404
        assert admin.get("/api/v1/products").json()["items"] == []
        assert [category["product_count"] for category in admin.get("/api/v1/categories").json()["items"]] == [0]
        assert alice.get(f"{ORDERS}/{order['id']}").json() == order


class TestListOrders:
    def test_begins_with_the_newest(self, alice: httpx2.Client) -> None:
        orders = [add_order(alice, quantity) for quantity in (1, 2, 3)]

        page = alice.get(ORDERS, params={"limit": 2}).json()
        rest = alice.get(ORDERS, params={"limit": 2, "cursor": page["next_cursor"]}).json()

        assert page["items"] == [orders[2], orders[1]]
        assert rest == {"items": [orders[0]], "next_cursor": None}

    def test_shows_those_in_a_status(self, alice: httpx2.Client) -> None:
        pending, cancelled = add_order(alice), add_order(alice)
        change_status(alice, cancelled, "cancelled")

        found = {status: alice.get(ORDERS, params={"status": status}).json()["items"] for status in ("pending", "paid")}

        assert found == {"pending": [pending], "paid": []}

    def test_refuses_a_status_that_there_is_not(self, alice: httpx2.Client) -> None:
        assert alice.get(ORDERS, params={"status": "lost"}).status_code == 422

    def test_a_cursor_belongs_to_its_list(self, alice: httpx2.Client) -> None:
        response = alice.get(ORDERS, params={"cursor": "never issued"})

        assert (response.status_code, response.json()["code"]) == (422, "invalid_cursor")

    def test_an_administrators_are_ones_own(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        add_order(alice)

        assert admin.get(ORDERS).json()["items"] == []


class TestReadOrder:
    def test_needs_one(self, alice: httpx2.Client) -> None:
        assert alice.get(f"{ORDERS}/{ID}").json()["code"] == "order_not_found"


class TestChangeOrderStatus:
    @pytest.mark.parametrize(
        ("before", "after", "alices", "admins"),
        [
            ("pending", "cancelled", 200, 200),
            ("pending", "fulfilled", 409, 409),
            ("pending", "paid", 409, 409),
            ("pending", "pending", 409, 409),
            ("paid", "fulfilled", 403, 200),
            ("paid", "cancelled", 403, 200),
            ("paid", "pending", 409, 409),
            ("fulfilled", "cancelled", 409, 409),
            ("cancelled", "pending", 409, 409),
            ("cancelled", "cancelled", 409, 409),
        ],
    )
    def test_follows_the_table(
        self,
        alice: httpx2.Client,
        admin: httpx2.Client,
        database: Database,
        before: str,
        after: str,
        alices: int,
        admins: int,
    ) -> None:
        order = add_order(alice)
        for client, status in ((alice, alices), (admin, admins)):
            put_into(database, before)

            response = change_status(client, order, after)

            assert response.status_code == status
            assert response.json().get("code") == {403: "forbidden", 409: "invalid_transition"}.get(status)
            assert alice.get(f"{ORDERS}/{order['id']}").json()["status"] == (after if status == 200 else before)

    def test_cancelling_puts_the_stock_back(self, alice: httpx2.Client) -> None:
        chair, table = fill_cart(alice, 2, stock=5), fill_cart(alice, 3, stock=3)
        order = check_out(alice)

        change_status(alice, order, "cancelled")

        assert [stock_of(alice, product) for product in (chair, table)] == [5, 3]

    def test_two_who_cancel_at_once_put_it_back_once(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        chair = fill_cart(alice, 2, stock=5)
        order = check_out(alice)

        with meanwhile(OrderRepository, "update_order", lambda: change_status(admin, order, "cancelled")) as second:
            first = change_status(alice, order, "cancelled")

        assert (first.status_code, second.result.status_code) == (200, 409)
        assert stock_of(alice, chair) == 5

    def test_more_may_be_put_back_than_can_be_set(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        order = add_order(alice, 5, stock=5)
        product = {"id": order["items"][0]["product_id"]}
        admin.patch(f"/api/v1/products/{product['id']}", json={"stock": 2147483647})

        change_status(alice, order, "cancelled")

        assert stock_of(alice, product) == 2147483652

    @pytest.mark.parametrize("status", ["lost", None, 1])
    def test_refuses_a_status_that_there_is_not(self, alice: httpx2.Client, status: object) -> None:
        assert change_status(alice, add_order(alice), status).status_code == 422

    def test_is_of_ones_own_order(self, alice: httpx2.Client, bob: httpx2.Client) -> None:
        response = change_status(bob, add_order(alice), "cancelled")

        assert (response.status_code, response.json()["code"]) == (404, "order_not_found")


def test_an_order_outlives_its_customer(alice: httpx2.Client, admin: httpx2.Client) -> None:
    order = add_order(alice)
    alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})

    assert admin.get(f"{ORDERS}/{order['id']}").json() == order
