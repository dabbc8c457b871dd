"""Whatever customers, administrators and the payment provider do: pieces, money and statuses agree."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from {{ cookiecutter.__package }}.users.schemas import Role

from ..accounts import Account
from ..catalog.factories import add_product
from ..database import Database
from ..payments.factories import event, send
from .factories import key

STOCK = 5
ORDERS = "/api/v1/orders"


@pytest.mark.slow
def test_everything_agrees(client: httpx2.Client, open_client: Callable[[], httpx2.Client], database: Database) -> None:
    def signed_in(name: str, role: Role) -> httpx2.Client:
        user = open_client()
        user.headers.update(Account(name, role).sign_in())
        return user

    class Shop(RuleBasedStateMachine):
        orders = Bundle("orders")
        payments = Bundle("payments")

        def __init__(self) -> None:
            super().__init__()
            database.empty()
            self.users = {"alice": signed_in("alice", Role.USER), "bob": signed_in("bob", Role.USER)}
            self.admin = signed_in("admin", Role.ADMIN)
            self.products = [add_product(client, stock=STOCK)["id"] for _ in range(3)]

        def teardown(self) -> None:
            for user in (*self.users.values(), self.admin):
                user.close()

        @rule(name=sampled_from(["alice", "bob"]), index=integers(0, 2), quantity=integers(1, 4))
        def fill_cart(self, name: str, index: int, quantity: int) -> None:
            self.users[name].put(f"/api/v1/cart/items/{self.products[index]}", json={"quantity": quantity})

        @rule(target=orders, name=sampled_from(["alice", "bob"]))
        def check_out(self, name: str) -> Any:
            response = self.users[name].post(ORDERS, headers=key())
            return (name, response.json()) if response.status_code == 201 else multiple()

        @rule(target=payments, order=orders)
        def start_payment(self, order: tuple[str, dict[str, Any]]) -> Any:
            name, body = order
            response = self.users[name].post(f"{ORDERS}/{body['id']}/payments", headers=key())
            return response.json() if response.status_code == 201 else multiple()

        @rule(payment=payments, kind=sampled_from(["succeeded", "failed"]))
        def receive_event(self, payment: dict[str, Any], kind: str) -> None:
            assert send(client, event(kind, payment)).status_code == 200

        @rule(order=orders, status=sampled_from(["cancelled", "fulfilled"]), who=sampled_from(["owner", "admin"]))
        def change_status(self, order: tuple[str, dict[str, Any]], status: str, who: str) -> None:
            name, body = order
            user = self.admin if who == "admin" else self.users[name]
            user.patch(f"{ORDERS}/{body['id']}/status", json={"status": status})

        @invariant()
        def no_piece_is_lost_or_made(self) -> None:
            sold = dict(
                database.rows(
                    "SELECT product_id, sum(quantity) FROM order_items JOIN orders ON orders.id = order_id"
                    " WHERE status <> 'cancelled' GROUP BY product_id"
                )
            )
            for product_id, stock in database.rows("SELECT id, stock FROM products"):
                assert 0 <= stock == STOCK - sold.get(product_id, 0)

        @invariant()
        def sums_are_those_of_the_items(self) -> None:
            query = (
                "SELECT total_cents, sum(quantity * unit_price_cents) FROM orders JOIN order_items"
                " ON order_id = orders.id GROUP BY orders.id, total_cents"
            )
            assert all(total == items for total, items in database.rows(query))

        @invariant()
        def an_order_is_paid_by_one_payment(self) -> None:
            query = (
                "SELECT orders.status, count(payments.id) FROM orders LEFT JOIN payments"
                " ON order_id = orders.id AND payments.status = 'succeeded' GROUP BY orders.id, orders.status"
            )
            for status, payments in database.rows(query):
                assert payments == (1 if status in {"paid", "fulfilled"} else 0)

    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
