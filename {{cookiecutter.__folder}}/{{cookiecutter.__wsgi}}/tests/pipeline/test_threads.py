"""A call runs in a thread, and no more threads start than there are places."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from {{ cookiecutter.__package }}.pipeline.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    threads = Threads(2, 1)
    yield threads
    threads.stop()


def run[Result](threads: Threads, *calls: Callable[[], Result]) -> list[Result]:
    """The answers to calls that are made at the same time."""

    async def run_all() -> list[Result]:
        return await asyncio.gather(*map(threads.run, calls))

    return asyncio.run(run_all())


def test_a_call_answers_from_another_thread(threads: Threads) -> None:
    assert run(threads, threading.get_ident) != [threading.get_ident()]


@pytest.mark.parametrize("error", [ValueError, StopIteration, SystemExit])
def test_a_call_that_raises_does_so_where_it_was_called(threads: Threads, error: type[BaseException]) -> None:
    def fail() -> None:
        raise error

    async def call() -> None:
        with pytest.raises((error, RuntimeError)):
            await threads.run(fail)

    asyncio.run(call())

    assert run(threads, lambda: "goes on") == ["goes on"]


def test_an_idle_thread_takes_the_next_call(threads: Threads) -> None:
    assert len({run(threads, threading.get_ident)[0] for _ in range(10)}) == 1


def test_calls_run_at_the_same_time(threads: Threads) -> None:
    meeting = threading.Barrier(3)

    assert sorted(run(threads, *[lambda: meeting.wait(timeout=5)] * 3)) == [0, 1, 2]


def test_there_are_no_more_threads_than_places(threads: Threads) -> None:
    assert len(set(run(threads, *[threading.get_ident] * 50))) <= 3


def test_a_call_that_is_given_up_keeps_no_other_from_its_answer(threads: Threads) -> None:
    go = Event()

    async def give_up() -> str:
        given_up = asyncio.create_task(threads.run(lambda: go.wait(timeout=5)))
        await asyncio.sleep(0)
        given_up.cancel()
        go.set()
        return await threads.run(lambda: "an answer")

    assert asyncio.run(give_up()) == "an answer"


def test_what_has_begun_ends_before_the_process_does(threads: Threads) -> None:
    begun, stopping, ended = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        stopping.wait(timeout=5)
        ended.set()

    async def leave() -> None:
        call = asyncio.create_task(threads.run(work))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        call.cancel()

    asyncio.run(leave())
    threading.Timer(0.05, stopping.set).start()
    threads.stop()

    assert ended.is_set()
