"""Two requests work at a time.

The driver of SQLite releases the GIL at each row. Threads that take it from each other cost more than what they do:
with eight of them, a page of a list costs a quarter more than with two.

Behind a hundred requests that wait for a lock, the next one begins after half a second.
"""

from asyncio import AbstractEventLoop, Semaphore, TimerHandle, get_running_loop

from ..core.settings import Settings
from .bodies import Receive
from .middleware import PROBES, App, Middleware, Scope, Send

AT_A_TIME = 2
# A request that takes longer probably waits, for a lock or for the hash of a password, and no longer counts.
TURN_SECONDS = 0.01


class Turns(Middleware):
    def __init__(self, app: App, settings: Settings) -> None:
        super().__init__(app, settings)
        self.loop: AbstractEventLoop | None = None
        self.free = Semaphore(AT_A_TIME)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in PROBES:
            await self.next(scope, receive, send)
            return
        loop = get_running_loop()
        if loop is not self.loop:  # As in tests, which may have many.
            self.loop, self.free = loop, Semaphore(AT_A_TIME)
        free = self.free
        await free.acquire()
        turn = Turn(loop, free)
        try:
            await self.next(scope, receive, send)
        finally:
            turn.end()


class Turn:
    """Ends with its request, or when its time is over."""

    def __init__(self, loop: AbstractEventLoop, free: Semaphore) -> None:
        self.free = free
        self.timer: TimerHandle | None = loop.call_later(TURN_SECONDS, self.end)

    def end(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
            self.free.release()
