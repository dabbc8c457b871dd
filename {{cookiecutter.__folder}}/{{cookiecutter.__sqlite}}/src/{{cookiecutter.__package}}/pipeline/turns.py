"""Few requests work at a time.

The driver of SQLite gives the interpreter's lock away at each row. Threads that take it from each other cost more than
what they do: with eight of them, a page of a list costs a quarter more than with two.
"""

from asyncio import Semaphore, TimerHandle, get_running_loop

from ..core.settings import Settings
from .bodies import Receive
from .middleware import PROBES, App, Middleware, Scope, Send

AT_A_TIME = 2
# Who takes longer does not work but waits: for a lock, or for the hash of a password.
SECONDS = 0.01


class Turns(Middleware):
    def __init__(self, app: App, settings: Settings) -> None:
        super().__init__(app, settings)
        self.free = Semaphore(AT_A_TIME)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in PROBES:
            await self.next(scope, receive, send)
            return
        await self.free.acquire()
        turn = Turn(self.free)
        try:
            await self.next(scope, receive, send)
        finally:
            turn.end()


class Turn:
    """Ends with its request, or when its time is over."""

    def __init__(self, free: Semaphore) -> None:
        self.free = free
        self.timer: TimerHandle | None = get_running_loop().call_later(SECONDS, self.end)

    def end(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
            self.free.release()
