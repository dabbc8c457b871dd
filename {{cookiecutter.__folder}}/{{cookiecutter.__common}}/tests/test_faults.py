"""Faults around the service, and what clients notice of them."""

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx2
import pytest

from .database import Database
from .passwords import PASSWORD
from .server import serving


class TestLocks:
    def test_a_short_one_is_waited_for(
        self, alice: httpx2.Client, open_client: Callable[[], httpx2.Client], database: Database
    ) -> None:
        def rename() -> httpx2.Response:
            with open_client() as client:
                return client.patch("/api/v1/users/me", json={"name": "Alice Liddell"}, headers=alice.headers)

        with ThreadPoolExecutor() as threads:
            with database.locked():
                answer = threads.submit(rename)
                time.sleep(0.3)
                assert not answer.done()

            assert answer.result().json()["name"] == "Alice Liddell"

    def test_a_probe_does_not_wait_for_one(self, client: httpx2.Client, database: Database) -> None:
        with database.locked():
            assert client.get("/readyz").status_code == 200

    @pytest.mark.slow
    def test_a_long_one_makes_the_service_unavailable(
        self, alice: httpx2.Client, open_client: Callable[[], httpx2.Client], database: Database
    ) -> None:
        credentials = {"email": "alice@example.com", "password": PASSWORD}
        tokens = alice.post("/api/v1/auth/login", json=credentials).json()
        signed_in = {"Authorization": f"Bearer {tokens['access_token']}"}
        writes: list[dict[str, object]] = [
            {"url": "/api/v1/auth/signup", "json": credentials | {"email": "bob@example.com", "name": "Bob"}},
            {"url": "/api/v1/auth/login", "json": credentials},
            {"url": "/api/v1/auth/refresh", "json": {"refresh_token": tokens["refresh_token"]}},
            {"url": "/api/v1/auth/logout", "headers": signed_in},
        ]

        def write(request: dict[str, object]) -> tuple[int, str, str, bool]:
            started = time.monotonic()
            with open_client() as client:
                response = client.request("POST", **request)  # type: ignore[arg-type]
            in_time = time.monotonic() - started < 5
            return response.status_code, response.json()["code"], response.headers["Retry-After"], in_time

        with database.locked(), ThreadPoolExecutor() as threads:
            answers = list(threads.map(write, writes))
            assert alice.get("/healthz").status_code == 200

        assert answers == [(503, "database_unavailable", "1", True)] * 4
        assert alice.post("/api/v1/auth/refresh", json=writes[2]["json"]).status_code == 200


@pytest.mark.slow
def test_bodies_that_do_not_come_keep_nobody_waiting(database: Database) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"

    with serving(database.url) as server, ExitStack() as connections:
        address = ("127.0.0.1", httpx2.URL(server.url).port)
        for _ in range(300):
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(head + b"Content-Length: 100\r\n\r\n{")
        started = time.monotonic()

        assert httpx2.get(f"{server.url}/readyz").status_code == 200

        assert time.monotonic() - started < 1


@pytest.mark.slow
def test_the_server_answers_what_it_has_accepted_before_it_stops(database: Database) -> None:
    database.empty()

    def sign_people_up(client: int) -> list[str]:
        """Until the server has stopped, each on its own connection."""
        people: list[str] = []
        while True:
            body = {"email": f"{len(people)}@{client}.example.com", "password": PASSWORD, "name": "Carol"}
            try:
                httpx2.post(f"{server.url}/api/v1/auth/signup", json=body).raise_for_status()
            except httpx2.TransportError:
                return people
            people.append(body["email"])

    with serving(database.url) as server, ThreadPoolExecutor() as threads:
        clients = [threads.submit(sign_people_up, client) for client in range(4)]
        while len(database.rows("SELECT email FROM users")) < 20:
            time.sleep(0.05)
        server.stop()

    answered = {person for client in clients for person in client.result()}
    assert {email for (email,) in database.rows("SELECT email FROM users")} == answered


@pytest.mark.slow
def test_the_server_ends_what_it_has_begun_for_a_client_that_is_gone(database: Database) -> None:
    database.empty()
    body = json.dumps({"email": "carol@example.com", "password": PASSWORD, "name": "Carol"}).encode()
    head = "POST /api/v1/auth/signup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"

    with serving(database.url, workers="1") as server, ThreadPoolExecutor() as threads:
        with database.locked():
            with socket.create_connection(("127.0.0.1", httpx2.URL(server.url).port)) as client:
                client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                time.sleep(0.5)  # It waits for the lock now.
            time.sleep(0.1)
            stopping = threads.submit(server.stop)
            time.sleep(0.5)
        stopping.result()

    assert database.rows("SELECT email FROM users") == [("carol@example.com",)]
