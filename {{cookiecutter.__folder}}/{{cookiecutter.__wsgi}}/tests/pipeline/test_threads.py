"""A call runs in a thread, and no more threads start than there are places."""

import asyncio
import concurrent.futures
import gc
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event

import pytest

from {{ cookiecutter.__package }}.pipeline.threads import Threads


@pytest.fixture
def threads() -> Threads:
    return Threads(2, 1)


def run[Result](threads: Threads, *calls: Callable[[], Result]) -> list[Result]:
    """The answers to calls that are made at the same time."""

    async def run_all() -> list[Result]:
        return await asyncio.gather(*map(threads.run, calls))

    return asyncio.run(run_all())


def test_a_call_answers_from_another_thread(threads: Threads) -> None:
    assert run(threads, threading.get_ident) != [threading.get_ident()]


class FalseError(Exception):
    def __bool__(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("raised", "arrives"),
    [
        (ValueError, ValueError),
        (FalseError, FalseError),
        (SystemExit, SystemExit),
        (StopIteration, RuntimeError),  # Of a coroutine, it would be the end.
        (concurrent.futures.CancelledError, asyncio.CancelledError),
    ],
)
def test_a_call_that_raises_does_so_where_it_was_called(
    threads: Threads, raised: type[BaseException], arrives: type[BaseException]
) -> None:
    def fail() -> None:
        raise raised

    async def call() -> None:
        with pytest.raises(arrives):
            await threads.run(fail)

    asyncio.run(call())

    assert run(threads, lambda: "goes on") == ["goes on"]


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_is_kept_of_a_call(threads: Threads, fails: bool) -> None:
    class Environ:
        pass

    def work(_environ: Environ) -> None:
        if fails:
            raise LookupError

    async def call() -> weakref.ref[Environ]:
        environ = Environ()
        with suppress(LookupError):
            await threads.run(partial(work, environ))
        return weakref.ref(environ)

    gc.disable()
    try:
        environ = asyncio.run(call())
        run(threads, time.time)  # Otherwise its thread may not have forgotten it yet.
        assert environ() is None
    finally:
        gc.enable()


def test_a_thread_that_can_not_start_leaves_its_place_to_another(
    threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def can_not_start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="can't start"):
        patch.setattr(threading.Thread, "start", can_not_start)
        run(threads, lambda: called.append("in vain"))

    assert run(threads, *[lambda: "an answer"] * 3) == ["an answer"] * 3
    assert called == []


def test_an_idle_thread_takes_the_next_call(threads: Threads) -> None:
    assert len({run(threads, threading.get_ident)[0] for _ in range(10)}) == 1


def test_calls_run_at_the_same_time(threads: Threads) -> None:
    meeting = threading.Barrier(3)

    assert sorted(run(threads, *[lambda: meeting.wait(timeout=5)] * 3)) == [0, 1, 2]


def test_there_are_no_more_threads_than_places(threads: Threads) -> None:
    def work() -> int:
        time.sleep(0.01)
        return threading.active_count()

    before = threading.active_count()

    assert max(run(threads, *[work] * 10)) == before + 3


def test_a_call_that_is_given_up_keeps_no_other_from_its_answer(threads: Threads) -> None:
    go = Event()

    async def give_up() -> str:
        given_up = asyncio.create_task(threads.run(lambda: go.wait(timeout=5)))
        await asyncio.sleep(0)
        given_up.cancel()
        go.set()
        return await threads.run(lambda: "an answer")

    assert asyncio.run(give_up()) == "an answer"


def test_a_call_that_is_given_up_before_it_begins_does_not_begin() -> None:
    threads, go = Threads(1, 0), Event()
    called: list[str] = []

    async def give_up() -> None:
        first = asyncio.create_task(threads.run(lambda: go.wait(timeout=5)))
        second = asyncio.create_task(threads.run(lambda: called.append("in vain")))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        go.set()
        await first
        await threads.run(lambda: None)

    asyncio.run(give_up())

    assert called == []


def test_what_has_begun_can_be_waited_for(threads: Threads) -> None:
    begun, ended = Event(), Event()

    def work() -> None:
        begun.set()
        assert not ended.wait(timeout=0.1)
        ended.set()

    async def leave() -> None:
        call = asyncio.create_task(threads.run(work))
        await asyncio.to_thread(begun.wait, 5)
        call.cancel()
        await threads.finish()
        assert ended.is_set()

    asyncio.run(leave())
