"""The threads of a worker.

`ThreadPoolExecutor` does the same, but the way into one of its threads and back costs twice as much.
"""

import concurrent.futures
from asyncio import Future, Semaphore, get_running_loop, sleep
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any


class Threads:
    """As many as there are places for requests, and for streams, which may last. The caller of `run` has one of them.

    A thread starts when a call finds none that is idle.
    """

    def __init__(self, requests: int, streams: int) -> None:
        self.requests = Semaphore(requests)
        self.streams = Semaphore(streams)
        self._limit = requests + streams
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._begun: set[Future[Any]] = set()
        self._started = 0
        self._idle: deque[None] = deque()  # An entry for each thread that has ended a call, and waits for the next.

    async def run[Result](self, call: Callable[[], Result]) -> Result:
        self._reserve_thread()
        future: Future[Result] = get_running_loop().create_future()
        self._calls.put((future, call))
        try:
            return await future
        finally:
            del future  # It would hold an exception, which holds this frame.

    async def finish(self) -> None:
        """Waits until all that has begun has ended, also what nobody waits for any more."""
        while self._begun:
            await sleep(0.01)

    def _reserve_thread(self) -> None:
        try:
            self._idle.pop()
        except IndexError:
            if self._started < self._limit:
                Thread(target=self._work, daemon=True).start()
                self._started += 1

    def _work(self) -> None:
        while True:
            self._answer(*self._calls.get())

    def _answer(self, future: Future[Any], call: Callable[[], Any]) -> None:
        result = error = None
        self._begun.add(future)
        try:
            if not future.cancelled():
                result = call()
        except BaseException as raised:
            error = raised
        self._begun.remove(future)
        self._idle.append(None)  # Before the place is given back: the next call finds it.
        with suppress(RuntimeError):  # The loop has ended.
            future.get_loop().call_soon_threadsafe(_settle, future, result, error)
        del future, call, error  # The exception holds this frame.


def _settle(future: Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return  # Cancelled.
    if isinstance(error, concurrent.futures.CancelledError):  # Of what the call waited for in the loop.
        future.cancel()
    elif error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
