"""A response that is streamed leaves chunk by chunk, while it is made."""

import asyncio
from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.__package }}.pipeline.bridge import Bridge
from {{ cookiecutter.__package }}.pipeline.middleware import Message

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/numbers",
    "raw_path": b"/numbers",
    "query_string": b"",
    "headers": [],
    "server": ("testserver", 80),
}


class Numbers:
    """A WSGI application. Each number of its response waits until the one before has arrived."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.arrived = Event()
        self.closed = False

    def __call__(self, _environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return self._numbers()

    def _numbers(self) -> Iterator[bytes]:
        try:
            for number in range(self.count):
                yield str(number).encode()
                assert self.arrived.wait(timeout=5)
                self.arrived.clear()
        finally:
            self.closed = True


class Client:
    """Goes when it has read so many numbers."""

    def __init__(self, numbers: Numbers, patience: int) -> None:
        self.numbers = numbers
        self.patience = patience
        self.read: list[bytes] = []
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.complete = False

    async def get(self) -> None:
        await self.incoming.put({"type": "http.request"})
        scope: dict[str, Any] = dict(SCOPE)
        await asyncio.wait_for(Bridge(self.numbers)(scope, self.incoming.get, self.send), timeout=10)

    async def send(self, message: Message) -> None:
        if number := message.get("body"):
            self.read.append(number)
            if len(self.read) == self.patience:
                await self.incoming.put({"type": "http.disconnect"})
            self.numbers.arrived.set()
        elif message["type"] == "http.response.body":
            self.complete = True


def test_each_chunk_leaves_before_the_next_is_made() -> None:
    client = Client(numbers := Numbers(3), patience=10)

    asyncio.run(client.get())

    assert client.read == [b"0", b"1", b"2"]
    assert (client.complete, numbers.closed) == (True, True)


def test_it_ends_when_the_client_is_gone() -> None:
    client = Client(numbers := Numbers(1_000_000), patience=3)

    asyncio.run(client.get())

    assert client.read[:3] == [b"0", b"1", b"2"]
    assert len(client.read) < 10
    assert (client.complete, numbers.closed) == (False, True)
