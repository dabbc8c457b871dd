"""How long a body is waited for, and how much of it is taken."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from {{ cookiecutter.__package }}.core import body_stream
from {{ cookiecutter.__package }}.core.json_body import MAX_BODY_BYTES


class Server:
    """Gives out its messages one by one, and then nothing more."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)

    async def receive(self) -> MutableMapping[str, Any]:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    def body(self) -> bytes:
        return asyncio.run(body_stream.receive_body(self.receive))


def chunk(content: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_comes_in_pieces() -> None:
    assert Server(chunk(b"{"), chunk(b"}"), chunk(b"", more=False)).body() == b"{}"


def test_is_nothing_when_it_breaks_off() -> None:
    assert Server(chunk(b"{}"), {"type": "http.disconnect"}).body() == b""


def test_is_nothing_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_stream, "PATIENCE_SECONDS", 0.01)

    assert Server(chunk(b"{}")).body() == b""


def test_is_no_longer_read_when_it_is_too_large() -> None:
    server = Server(*[chunk(b" " * 65_536)] * 64)

    assert MAX_BODY_BYTES < len(server.body()) <= MAX_BODY_BYTES + 65_536
    assert len(server.messages) > 40
