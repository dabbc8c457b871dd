"""Responses that leave chunk by chunk, while a thread makes them."""

import asyncio
from asyncio import Semaphore
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from itertools import chain
from typing import Any, Self

from ..core.errors import Overloaded
from .bodies import Receive
from .middleware import Message, Send
from .threads import Threads

# A client that takes nothing for so long is gone.
TIMEOUT_SECONDS = 10


class Stream:
    """The response of a request, which takes a place among the requests or, if it is streamed, among the streams."""

    def __init__(self, threads: Threads, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        self._threads = threads
        self._receive = receive
        self._send = send
        self._place: Semaphore | None = None
        self._disconnected: asyncio.Future[Message] | None = None

    async def __aenter__(self) -> Self:
        await self._threads.requests.acquire()
        self._place = self._threads.requests
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._place:
            self._place.release()
            self._place = None
        if self._disconnected:
            self._disconnected.cancel()

    def begin(self, *, may_refuse: bool) -> None:
        """For a thread, before it waits for the first chunk. Raises Overloaded if there are too many streams."""
        self._wait_for(self._change_place(may_refuse))

    def send(self, start: Message, chunks: Iterable[bytes]) -> None:
        """For a thread. Ends early when the client is gone, and the server then closes the connection."""
        bodies = ({"type": "http.response.body", "body": chunk, "more_body": True} for chunk in chunks)
        for message in chain([start], bodies, [{"type": "http.response.body"}]):
            if not self._wait_for(self._send_in_time(message)):
                return

    def _wait_for[Result](self, step: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(step, self.loop).result()

    async def _change_place(self, may_refuse: bool) -> None:
        if self._place is not self._threads.requests:
            return
        if not self._threads.streams.locked():
            await self._threads.streams.acquire()
            self._place = self._threads.streams
            self._threads.requests.release()
        elif may_refuse:
            raise Overloaded("The service is streaming too much at the moment; please try again.")

    async def _send_in_time(self, message: Message) -> bool:
        """Waits until the server has taken the message. False if the client is gone."""
        if self._place is None:
            return False
        if self._disconnected is None:
            self._disconnected = asyncio.ensure_future(self._receive())  # It gives no body any more.
        if self._disconnected.done():
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._send(message)
            return True
        return False
