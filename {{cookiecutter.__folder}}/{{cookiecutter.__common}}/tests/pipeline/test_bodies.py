"""How large a body may be, and how long it may take."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from {{ cookiecutter.__package }}.core.errors import Overloaded
from {{ cookiecutter.__package }}.pipeline import bodies
from {{ cookiecutter.__package }}.pipeline.bodies import BodiesInFlight

LIMIT = 1024


class Server:
    """Returns its messages one by one, and then waits."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)

    async def receive(self) -> MutableMapping[str, Any]:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    def body(self, in_flight: BodiesInFlight | None = None) -> bytes:
        chunks: list[bytes] = []
        asyncio.run((in_flight or BodiesInFlight()).receive(self.receive, LIMIT, chunks))
        return b"".join(chunks)


def chunk(content: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


class TestReceive:
    def test_puts_pieces_together(self) -> None:
        assert Server(chunk(b"{"), chunk(b"}"), chunk(b"", more=False)).body() == b"{}"

    def test_gives_up_with_the_client(self) -> None:
        with pytest.raises(bodies.IncompleteBody):
            Server(chunk(b"{}"), {"type": "http.disconnect"}).body()

    def test_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "TIMEOUT_SECONDS", 0.01)

        with pytest.raises(bodies.RequestTimeout):
            Server(chunk(b"{}")).body()

    def test_stops_where_a_body_gets_too_large(self) -> None:
        server = Server(*[chunk(b" " * 100)] * 64)

        with pytest.raises(bodies.PayloadTooLarge):
            server.body()

        assert len(server.messages) > 50

    def test_bounds_all_bodies_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "MAX_BYTES_IN_FLIGHT", 1000)
        in_flight, held = BodiesInFlight(), list[bytes]()
        asyncio.run(in_flight.receive(Server(chunk(b" " * 900, more=False)).receive, LIMIT, held))

        with pytest.raises(Overloaded):
            Server(chunk(b" " * 200, more=False)).body(in_flight)

        in_flight.release(held)
        assert Server(chunk(b" " * 200, more=False)).body(in_flight)
