"""A response that is streamed leaves chunk by chunk, while it is made, and keeps no thread from other requests."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from {{ cookiecutter.__package }}.core.errors import Overloaded
from {{ cookiecutter.__package }}.pipeline import streams
from {{ cookiecutter.__package }}.pipeline.bridge import STREAMS, Bridge
from {{ cookiecutter.__package }}.pipeline.middleware import Message

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
    """Goes when it has read so many chunks."""

    def __init__(self, patience: int = 1_000_000, arrived: Event | None = None) -> None:
        self.patience = patience
        self.arrived = arrived or Event()
        self.messages: list[Message] = []
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()

    async def get(self, bridge: Bridge, **options: Any) -> None:
        await self.incoming.put({"type": "http.request"})
        scope: dict[str, Any] = {**SCOPE, **options}
        await asyncio.wait_for(bridge(scope, self.incoming.get, self.send), timeout=10)

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if message.get("body"):
            if len(self.chunks) == self.patience:
                await self.incoming.put({"type": "http.disconnect"})
            self.arrived.set()

    @property
    def chunks(self) -> list[bytes]:
        return [message["body"] for message in self.messages if message.get("body")]

    @property
    def has_all(self) -> bool:
        return bool(self.messages) and self.messages[-1] == {"type": "http.response.body"}


class ClientThatReadsNothing(Client):
    async def send(self, message: Message) -> None:
        await super().send(message)
        if self.chunks:
            await asyncio.Event().wait()


def application(chunks: Iterable[bytes], *headers: tuple[str, str]) -> "WSGIApplication":
    def respond(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return chunks

    return respond


def messages_of(app: "WSGIApplication") -> list[Message]:
    client = Client()
    asyncio.run(client.get(Bridge(app)))
    return client.messages


class TestTheEndOfTheServer:
    def test_waits_for_what_has_begun(self) -> None:
        begun, ended = Event(), Event()
        sent: list[str] = []

        def work(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            begun.set()
            assert not ended.wait(timeout=0.1)
            ended.set()
            start_response("200 OK", [])
            return []

        async def stop() -> None:
            bridge = Bridge(work)
            request = asyncio.create_task(Client().get(bridge))
            await asyncio.to_thread(begun.wait, 5)
            request.cancel()  # As the server does when a client is gone.
            await bridge({"type": "lifespan"}, messages.__anext__, send)

        async def receive() -> AsyncIterator[Message]:
            yield {"type": "lifespan.startup"}
            yield {"type": "lifespan.shutdown"}

        async def send(message: Message) -> None:
            sent.append(f"{message['type']} {ended.is_set()}")

        messages = receive()
        asyncio.run(stop())

        assert sent == ["lifespan.startup.complete False", "lifespan.shutdown.complete True"]


class TestAStream:
    def test_sends_each_chunk_before_the_next_is_made(self) -> None:
        numbers = Numbers(3)
        client = Client(arrived=numbers.arrived)

        asyncio.run(client.get(Bridge(numbers)))

        assert client.chunks == [b"0", b"1", b"2"]
        assert (client.has_all, numbers.closed) == (True, True)

    def test_ends_when_the_client_is_gone(self) -> None:
        numbers = Numbers(1_000_000)
        client = Client(patience=3, arrived=numbers.arrived)

        asyncio.run(client.get(Bridge(numbers)))

        assert client.chunks[:3] == [b"0", b"1", b"2"]
        assert len(client.chunks) < 10
        assert (client.has_all, numbers.closed) == (False, True)

    def test_begins_with_its_first_chunk(self) -> None:
        def numbers(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
            yield b""
            start_response("201 Created", [])
            yield b"0"

        assert messages_of(numbers)[0]["status"] == 201

    def test_that_fails_before_its_first_chunk_has_sent_nothing(self) -> None:
        def numbers() -> Iterator[bytes]:
            raise LookupError
            yield b"0"

        client = Client()
        with pytest.raises(LookupError):
            asyncio.run(client.get(Bridge(application(numbers()))))

        assert client.messages == []

    def test_may_declare_its_length(self) -> None:
        start, *bodies = messages_of(application(iter([b"0", b"1"]), ("Content-Length", "2")))

        assert start["headers"] == [(b"content-length", b"2")]
        assert [body.get("body") for body in bodies] == [b"0", b"1", None]


class TestAnotherResponse:
    def test_is_sent_whole(self) -> None:
        start, body = messages_of(application([b"01"], ("Content-Length", "2")))

        assert start["headers"] == [(b"content-length", b"2")]
        assert body == {"type": "http.response.body", "body": b"01"}

    def test_may_be_empty(self) -> None:
        start, body = messages_of(application([]))

        assert start["headers"] == [(b"content-length", b"0")]
        assert body["body"] == b""


class TestClientsThatReadNothing:
    def test_keep_nobody_else_from_the_threads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "TIMEOUT_SECONDS", 1)

        def respond(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            whole = environ["PATH_INFO"] == "/whole"
            start_response("200 OK", [("Content-Length", "2")] if whole else [])
            return [b"01"] if whole else iter([b"0", b"1"])

        async def scenario() -> list[list[bytes]]:
            bridge, idle = Bridge(respond), [ClientThatReadsNothing() for _ in range(STREAMS)]
            async with asyncio.TaskGroup() as group:
                for client in idle:
                    group.create_task(client.get(bridge))
                while not all(client.chunks for client in idle):
                    await asyncio.sleep(0.01)
                with pytest.raises(Overloaded):
                    await Client().get(bridge)
                await (whole := Client()).get(bridge, raw_path=b"/whole")
                await (committed := Client()).get(bridge, method="POST")
            await (late := Client()).get(bridge)  # The idle clients have been given up.
            return [whole.chunks, committed.chunks, late.chunks]

        assert asyncio.run(scenario()) == [[b"01"], [b"0", b"1"], [b"0", b"1"]]
