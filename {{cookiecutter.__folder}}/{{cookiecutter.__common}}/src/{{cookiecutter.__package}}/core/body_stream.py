"""Request bodies as they come in: so much and no more, and not for ever."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from .json_body import MAX_BODY_BYTES

PATIENCE_SECONDS = 10

type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


async def receive_body(receive: Receive) -> bytes:
    """From an ASGI server. Nothing of a body that breaks off or takes too long; of one that is too large, its start."""
    body = bytearray()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(body) <= MAX_BODY_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return b""
                body += message.get("body", b"")
                if not message.get("more_body"):
                    return bytes(body)
            return bytes(body)
    return b""
