"""How large a request body may be, and how long it may take."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ..core.errors import BadRequest, Overloaded
from ..core.problems import HttpError

TIMEOUT_SECONDS = 10
MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024

type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class PayloadTooLarge(HttpError):
    status = 413
    code = "payload_too_large"


class IncompleteBody(HttpError, BadRequest):
    code = "incomplete_body"


class RequestTimeout(HttpError):
    status = 408
    code = "request_timeout"


class BodiesInFlight:
    """Limits the bodies that a worker holds at a time: many slow clients must not fill its memory."""

    def __init__(self) -> None:
        self.size = 0

    async def receive(self, receive: Receive, limit: int, chunks: list[bytes]) -> None:
        """Fills `chunks` with the body. Raises PayloadTooLarge, RequestTimeout, IncompleteBody or Overloaded."""
        size = 0
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise IncompleteBody("The body ended before it was complete.")
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    check_size(size, limit)
                    self._add(chunk, chunks)
                    if not message.get("more_body"):
                        return
        except TimeoutError:
            raise RequestTimeout(f"The body did not arrive within {TIMEOUT_SECONDS} seconds.") from None

    def release(self, chunks: list[bytes]) -> None:
        self.size -= sum(map(len, chunks))
        chunks.clear()

    def _add(self, chunk: bytes, chunks: list[bytes]) -> None:
        if self.size + len(chunk) > MAX_BYTES_IN_FLIGHT:
            raise Overloaded("The service is receiving too much at the moment; please try again.")
        self.size += len(chunk)
        chunks.append(chunk)


def check_size(size: int, limit: int) -> None:
    if size > limit:
        raise PayloadTooLarge(f"The body is larger than {limit} bytes.")
