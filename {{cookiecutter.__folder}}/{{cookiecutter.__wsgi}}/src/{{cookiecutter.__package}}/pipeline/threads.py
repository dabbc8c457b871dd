"""The threads of a worker.

`ThreadPoolExecutor` does the same, but the way into one of its threads and back costs twice as much.
"""

import atexit
from asyncio import Future, Semaphore, get_running_loop
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

type Call = tuple[Future[Any], Callable[[], Any]]


class Threads:
    """So many for requests, and others for streams, which may last. Who calls `run` has acquired one of these places.

    A thread starts when a call finds none that is idle.
    """

    def __init__(self, requests: int, streams: int) -> None:
        self.requests = Semaphore(requests)
        self.streams = Semaphore(streams)
        self._limit = requests + streams
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._idle: deque[None] = deque()  # An entry for each thread that waits for a call.

    async def run[Result](self, call: Callable[[], Result]) -> Result:
        future: Future[Result] = get_running_loop().create_future()
        self._calls.put((future, call))
        try:
            self._idle.pop()
        except IndexError:
            if len(self._threads) < self._limit:
                self._start_thread()
        return await future

    def _start_thread(self) -> None:
        if not self._threads:
            atexit.register(self.stop)
        thread = Thread(target=self._work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while call := self._calls.get():
            self._answer(*call)
            del call  # An idle thread keeps nothing of a request.

    def _answer(self, future: Future[Any], call: Callable[[], Any]) -> None:
        result = error = None
        try:
            result = call()
        except BaseException as raised:
            error = raised
        self._idle.append(None)  # Before the place is given back: the next call finds it.
        with suppress(RuntimeError):  # The loop has ended.
            future.get_loop().call_soon_threadsafe(_settle, future, result, error)

    def stop(self) -> None:
        """At the end of the process: what has begun ends."""
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()


def _settle(future: Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return  # Cancelled.
    if error:
        future.set_exception(error)
    else:
        future.set_result(result)
