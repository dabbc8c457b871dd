"""Orders of many at once, on a server with two workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx2
import pytest

from {{ cookiecutter.__package }}.core.settings import SHIPPED_SECRET

from ..accounts import Account
from ..database import Database
from ..server import Server, serving
from .factories import check_out, fill_cart

pytestmark = pytest.mark.slow

MANY = 50


@pytest.fixture
def server(client: httpx2.Client, database: Database) -> Iterator[Server]:
    with serving(database.url, ENVIRONMENT="test", SECRET_KEY=SHIPPED_SECRET, RATE_LIMIT="1000000/minute") as server:
        yield server


def post_at_once(server: Server, headers: list[dict[str, str]]) -> list[httpx2.Response]:
    """A request for an order with each of these headers."""
    barrier = Barrier(len(headers))

    def post(own: dict[str, str]) -> httpx2.Response:
        barrier.wait()
        return httpx2.post(f"{server.url}/api/v1/orders", headers=own, timeout=30)

    with ThreadPoolExecutor(len(headers)) as pool:
        return list(pool.map(post, headers))


def test_the_last_piece_is_sold_once(client: httpx2.Client, database: Database, server: Server) -> None:
    accounts = [Account(f"customer-{number}") for number in range(MANY)]
    headers = [account.sign_in() for account in accounts]
    client.headers.update(headers[0])
    product = fill_cart(client, stock=1)
    for own in headers[1:]:
        client.put(f"/api/v1/cart/items/{product['id']}", json={"quantity": 1}, headers=own)

    responses = post_at_once(server, [own | {"Idempotency-Key": "a"} for own in headers])

    assert sorted(response.status_code for response in responses) == [201] + [409] * (MANY - 1)
    assert {response.json()["code"] for response in responses if response.status_code == 409} == {"out_of_stock"}
    assert database.rows("SELECT stock FROM products") == [(0,)]


def test_a_key_makes_one_order(alice: httpx2.Client, database: Database, server: Server) -> None:
    fill_cart(alice, stock=MANY)
    headers = {"Authorization": alice.headers["Authorization"], "Idempotency-Key": "a"}

    responses = post_at_once(server, [headers] * MANY)

    made = {response.content for response in responses if response.status_code == 201}
    assert len(made) == 1
    assert {response.json()["code"] for response in responses if response.status_code != 201} <= {"request_in_progress"}
    assert database.rows("SELECT count(*) FROM orders") == [(1,)]


def test_orders_of_the_same_products_do_not_wait_for_each_other_forever(
    client: httpx2.Client, database: Database, server: Server
) -> None:
    """Each cart has the two products in another order."""
    headers = [Account(f"customer-{number}").sign_in() for number in range(20)]
    client.headers.update(headers[0])
    products = [fill_cart(client, stock=MANY) for _ in range(2)]
    for number, own in enumerate(headers):
        for product in products[:: 1 if number % 2 else -1]:
            client.put(f"/api/v1/cart/items/{product['id']}", json={"quantity": 1}, headers=own)

    responses = post_at_once(server, [own | {"Idempotency-Key": "a"} for own in headers])

    assert {response.status_code for response in responses} == {201}
    assert database.rows("SELECT stock FROM products") == [(MANY - 20,)] * 2


def test_two_who_cancel_at_once_put_the_stock_back_once(
    alice: httpx2.Client, database: Database, server: Server
) -> None:
    fill_cart(alice, 2, stock=5)
    url = f"{server.url}/api/v1/orders/{check_out(alice)['id']}/status"
    headers = {"Authorization": alice.headers["Authorization"]}

    def cancel(_number: int) -> int:
        return httpx2.patch(url, json={"status": "cancelled"}, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(cancel, range(10)))

    assert statuses == [200] + [409] * 9
    assert database.rows("SELECT stock FROM products") == [(5,)]
