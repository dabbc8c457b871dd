"""Responses that leave chunk by chunk, while a thread makes them."""

import asyncio
from asyncio import Semaphore
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Self

from ..core.errors import Overloaded
from .bodies import Receive
from .middleware import Message, Send

# A client that takes nothing for so long is gone.
TIMEOUT_SECONDS = 10


class Threads:
    """For so many requests at a time. A stream may last, and keeps its thread: it no longer counts as a request."""

    def __init__(self, requests: int, streams: int) -> None:
        self.pool = ThreadPoolExecutor(requests + streams)
        self.requests = Semaphore(requests)
        self.streams = Semaphore(streams)


class Stream:
    """The response of a request, if it is streamed. Other responses only count as a request."""

    def __init__(self, threads: Threads, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        self._threads = threads
        self._receive = receive
        self._send = send
        self._counts_as = threads.requests
        self._disconnected: asyncio.Future[Message] | None = None

    async def __aenter__(self) -> Self:
        await self._threads.requests.acquire()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._counts_as.release()
        if self._disconnected:
            self._disconnected.cancel()

    def send(self, start: Message, chunks: Iterable[bytes]) -> None:
        """For a thread. Ends early when the client is gone, and the server then closes the connection.

        Raises Overloaded if there are too many streams.
        """
        self._wait_for(self._begin(start))
        for chunk in chunks:
            if not self._wait_for(self._continue({"type": "http.response.body", "body": chunk, "more_body": True})):
                return
        self._wait_for(self._continue({"type": "http.response.body"}))

    def _wait_for[Result](self, step: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(step, self.loop).result()

    async def _begin(self, start: Message) -> None:
        if self._threads.streams.locked():
            raise Overloaded("The service is streaming too much at the moment; please try again.")
        await self._threads.streams.acquire()  # It does not wait.
        self._threads.requests.release()
        self._counts_as = self._threads.streams
        self._disconnected = asyncio.ensure_future(self._receive())  # The body has been received before.
        await self._send(start)

    async def _continue(self, message: Message) -> bool:
        """Waits until the server has taken the message. False if the client is gone."""
        if self._disconnected is None or self._disconnected.done():
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._send(message)
            return True
        return False
