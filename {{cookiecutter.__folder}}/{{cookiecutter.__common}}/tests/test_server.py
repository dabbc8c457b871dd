"""The service as it runs in production."""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection

import httpx2
import pytest

from .contract import check_response
from .database import Database
from .passwords import PASSWORD
from .server import COMMAND, Server, serving

pytestmark = pytest.mark.slow

ALICE = {"email": "alice@example.com", "password": PASSWORD, "name": "Alice"}


@pytest.fixture(scope="module")
def running(database: Database) -> Iterator[httpx2.Client]:
    with serving(database.url) as server:
        with client_of(server) as client:
            yield client
        assert PASSWORD not in server.stop()


@pytest.fixture
def server(running: httpx2.Client, database: Database) -> httpx2.Client:
    """One server for all of these tests, and nobody in its database."""
    database.empty()
    return running


def client_of(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=server.url, event_hooks={"response": [check_response]})


@dataclass(frozen=True)
class Admin:
    path: str
    headers: dict[str, str]


@pytest.fixture
def admins(server: httpx2.Client) -> dict[str, Admin]:
    """Alice and Bob, signed in."""
    return {name: sign_in(server, name) for name in ("alice", "bob")}


def sign_in(server: httpx2.Client, name: str) -> Admin:
    credentials = {"email": f"{name}@example.com", "password": ALICE["password"]}
    server.post("/api/v1/auth/signup", json=credentials | {"name": name.title()})
    tokens = server.post("/api/v1/auth/login", json=credentials).raise_for_status().json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return Admin(f"/api/v1/users/{server.get('/api/v1/users/me', headers=headers).json()['id']}", headers)


def test_it_serves(server: httpx2.Client) -> None:
    assert server.get("/readyz").json()["status"] == "ready"
    assert server.post("/api/v1/auth/signup", json=ALICE).status_code == 201
    tokens = server.post("/api/v1/auth/login", json={key: ALICE[key] for key in ("email", "password")}).json()

    response = server.get("/api/v1/users/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    assert response.json()["name"] == "Alice"
    assert "max-age" in response.headers["Strict-Transport-Security"]
    assert response.headers["Server"] == "service"


def test_only_one_of_many_refreshes_with_one_token_succeeds(server: httpx2.Client) -> None:
    bob = ALICE | {"email": "bob@example.com"}
    server.post("/api/v1/auth/signup", json=bob)
    tokens = server.post("/api/v1/auth/login", json={key: bob[key] for key in ("email", "password")}).json()
    body = {"refresh_token": tokens["refresh_token"]}

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: server.post("/api/v1/auth/refresh", json=body), range(20)))

    [renewed] = [answer.json() for answer in answers if answer.status_code == 200]
    codes = Counter(answer.json()["code"] for answer in answers if answer.status_code == 401)
    assert codes == {"refresh_token_reused": 1, "invalid_refresh_token": 18}
    headers = {"Authorization": f"Bearer {renewed['access_token']}"}
    assert server.get("/api/v1/users/me", headers=headers).status_code == 401


def test_only_five_of_many_concurrent_sign_ins_are_checked(
    server: httpx2.Client, database: Database, open_client: Callable[[], httpx2.Client]
) -> None:
    credentials = {"email": "nobody@example.com", "password": "wrong"}

    def try_to_sign_in(host: int) -> int:
        spoofed = {"X-Forwarded-For": f"192.0.2.{host}"}
        return server.post("/api/v1/auth/login", json=credentials, headers=spoofed).status_code

    with ThreadPoolExecutor(50) as threads:
        statuses = list(threads.map(try_to_sign_in, range(50)))

    assert sorted(statuses) == [401] * 5 + [429] * 45
    with open_client() as restarted:
        assert restarted.post("/api/v1/auth/login", json=credentials).status_code == 429


@pytest.mark.parametrize(
    ("demoted", "refusal"), [(("bob", "alice"), 403), (("alice", "bob"), 409)], ids=["each_other", "themselves"]
)
def test_two_administrators_can_not_demote_each_other_at_once(
    server: httpx2.Client, database: Database, admins: dict[str, Admin], demoted: tuple[str, str], refusal: int
) -> None:
    def demote(name: str, whom: str) -> int:
        return server.patch(admins[whom].path, json={"role": "user"}, headers=admins[name].headers).status_code

    with ThreadPoolExecutor(2) as threads:
        for _ in range(20):
            database.execute("UPDATE users SET role = 'admin' WHERE email IN ('alice@example.com', 'bob@example.com')")

            statuses = list(threads.map(demote, ("alice", "bob"), demoted))

            assert sorted(statuses) == [200, refusal]
            assert database.rows("SELECT count(*) FROM users WHERE role = 'admin' AND is_active") == [(1,)]


def test_two_administrators_can_not_delete_their_accounts_at_once(server: httpx2.Client, database: Database) -> None:
    def delete(admin: Admin) -> int:
        body = {"current_password": PASSWORD}
        return server.request("DELETE", "/api/v1/users/me", json=body, headers=admin.headers).status_code

    for _ in range(5):
        database.empty()
        admins = [sign_in(server, name) for name in ("alice", "bob")]
        database.execute("UPDATE users SET role = 'admin'")

        with ThreadPoolExecutor(2) as threads:
            statuses = list(threads.map(delete, admins))

        assert sorted(statuses) == [204, 409]


def test_it_refuses_a_user_one_request_too_many(database: Database) -> None:
    database.empty()

    with serving(database.url, RATE_LIMIT="20/hour") as server, client_of(server) as anonymous:
        headers = sign_in(anonymous, "alice").headers
        with client_of(server) as alice:
            # On one connection, and so with one worker: each counts on its own.
            *answers, refused = [alice.get("/api/v1/users/me", headers=headers) for _ in range(21)]
        status_of_others = anonymous.get("/api/v1/users/me").status_code

    assert (answers[0].status_code, answers[0].headers["RateLimit"][:8]) == (200, '"api";r=')
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit"] == f'"api";r=0;t={refused.headers["Retry-After"]}'
    assert refused.headers["RateLimit-Policy"] == answers[0].headers["RateLimit-Policy"] == '"api";q=20;w=3600'
    assert status_of_others == 401


def test_a_page_of_another_origin_can_read_a_refusal(database: Database) -> None:
    origin = {"Origin": "https://app.example.com"}

    settings = {"RATE_LIMIT": "1/hour", "CORS_ORIGINS": origin["Origin"]}
    with serving(database.url, **settings) as server, client_of(server) as client:
        refusals = [
            client.get("/api/v1/users/me", headers=origin),
            client.get("/api/v1/users/me", headers=origin),
            client.get(f"{server.url}//healthz", headers=origin),
            client.get("/api/v1/users/me", headers=origin | {"Host": "example.com"}),
        ]

    assert [refusal.status_code for refusal in refusals] == [401, 429, 404, 400]
    assert {refusal.headers["Access-Control-Allow-Origin"] for refusal in refusals} == {origin["Origin"]}


def test_it_takes_a_body_as_large_as_the_setting_says(database: Database) -> None:
    with serving(database.url, MAX_BODY_BYTES="8388608") as server, client_of(server) as client:
        response = client.post("/api/v1/auth/refresh", json={"refresh_token": "x" * 3_000_000})

    assert response.json()["code"] == "invalid_refresh_token"


def test_it_reads_no_more_of_a_body_than_it_takes(server: httpx2.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 65_536

    response = server.post("/api/v1/auth/login", content=endless(), headers={"Content-Type": "application/json"})

    assert response.status_code == 413


def test_it_knows_no_path_that_is_not_in_the_contract(server: httpx2.Client) -> None:
    paths = ["/%F0%9F%98%80", "/%ff", "/%00", "/a%0Ab", "/healthz%0A", "//healthz", "//api/v1/users/me"]

    assert [server.get(f"{server.base_url}{path}").status_code for path in paths] == [404] * len(paths)


def test_it_answers_for_no_other_host(server: httpx2.Client) -> None:
    response = server.get("/api/v1/users/me", headers={"Host": "example.com"})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_host")


def test_a_method_has_its_case(server: httpx2.Client) -> None:
    connection = HTTPConnection(server.base_url.host, server.base_url.port)
    connection.request("get", "/healthz")

    response = connection.getresponse()

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
    connection.close()


def test_it_hides_its_documents(server: httpx2.Client) -> None:
    assert server.get("/docs").status_code == server.get("/openapi.json").status_code == 404


def test_it_refuses_to_start_on_weak_settings() -> None:
    environment = os.environ | {"ENVIRONMENT": "production", "SECRET_KEY": "canary"}

    process = subprocess.run([*COMMAND, "serve"], env=environment, capture_output=True, text=True)

    assert process.returncode == 1
    assert "SECRET_KEY" in process.stderr
    assert "canary" not in process.stderr
    assert "Traceback" not in process.stderr
