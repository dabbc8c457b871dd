"""PostgreSQL stops or stops answering, and comes back."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread
from urllib.parse import quote

import httpx2
import pytest
from psycopg.conninfo import conninfo_to_dict

from .database import Database
from .passwords import PASSWORD
from .server import serving

pytestmark = pytest.mark.slow

# More than the threads of a worker: some wait until others have given up.
MANY = 60


class Line:
    """The connection between the service and PostgreSQL, which a test can cut."""

    def __init__(self, database_url: str) -> None:
        self.parameters = conninfo_to_dict(database_url)
        self.sockets: list[socket.socket] = []
        self.silent = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.mend()

    @property
    def url(self) -> str:
        user, password = (quote(str(self.parameters.get(name, "")), safe="") for name in ("user", "password"))
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{self.parameters['dbname']}"

    def stop(self) -> None:
        """As when PostgreSQL stops: it closes open connections and refuses new ones."""
        self.listener.shutdown(socket.SHUT_RDWR)
        for end in [self.listener, *self.sockets]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.sockets.clear()

    def start(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.mend()

    def cut(self) -> None:
        """Connections stay open, and nothing comes through."""
        self.silent = True

    def mend(self) -> None:
        self.silent = False
        Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = self._connect()
                self.sockets += [client, server]
                Thread(target=self._forward, args=[client, server], daemon=True).start()
                Thread(target=self._forward, args=[server, client], daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                while self.silent:
                    time.sleep(0.05)
                target.sendall(content)
            target.shutdown(socket.SHUT_WR)

    def _connect(self) -> socket.socket:
        host, port = str(self.parameters["host"]), int(self.parameters.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server


@pytest.fixture(scope="module")
def line(database: Database) -> Iterator[Line]:
    line = Line(database.url)
    yield line
    line.stop()


@pytest.fixture(scope="module")
def alice(line: Line, database: Database) -> Iterator[httpx2.Client]:
    database.empty()
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    # One worker: while its connections of before still end, the new ones count as well, and PostgreSQL has 100 to give.
    with serving(line.url, workers="1") as server, httpx2.Client(base_url=server.url, timeout=10) as alice:
        alice.post("/api/v1/auth/signup", json=credentials | {"name": "Alice"}).raise_for_status()
        tokens = alice.post("/api/v1/auth/login", json=credentials).raise_for_status().json()
        alice.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        yield alice


def ask(client: httpx2.Client) -> tuple[int, float]:
    """The result of a request, and the seconds that it took."""
    started = time.monotonic()
    response = client.get("/api/v1/users/me")
    assert response.status_code == 200 or response.headers["Retry-After"]
    return response.status_code, time.monotonic() - started


def ask_at_once(client: httpx2.Client) -> list[tuple[int, float]]:
    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(lambda _: ask(client), range(MANY)))


def assert_unavailable(client: httpx2.Client) -> None:
    answers = ask_at_once(client)
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < 5
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["code"] == "not_ready"


def assert_back(client: httpx2.Client) -> None:
    """Within two seconds."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        if ask(client)[0] == 200:
            return
    pytest.fail("The service did not come back.")


def test_it_stops_and_starts(alice: httpx2.Client, line: Line) -> None:
    line.stop()
    assert_unavailable(alice)

    line.start()
    assert_back(alice)


def test_it_falls_silent(alice: httpx2.Client, line: Line) -> None:
    ask_at_once(alice)  # So that there are connections to fall silent.
    line.cut()
    assert_unavailable(alice)

    line.mend()
    assert_back(alice)


@pytest.mark.parametrize("idle", [0, 1.2])
def test_it_was_away_between_two_requests(alice: httpx2.Client, line: Line, idle: float) -> None:
    ask_at_once(alice)
    time.sleep(idle)
    line.stop()
    line.start()

    assert [status for status, _ in ask_at_once(alice)] == [200] * MANY
