"""Two requests work at a time, but those that wait keep nobody from working."""

import asyncio
from typing import Any

import pytest

from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.pipeline import turns
from {{ cookiecutter.__package }}.pipeline.middleware import Scope
from {{ cookiecutter.__package }}.pipeline.turns import AT_A_TIME, Turns


class Application:
    """`/waits` waits until another path has been asked for, and `/fails` fails."""

    def __init__(self) -> None:
        self.turns = Turns(self.answer, Settings(environment="test"))
        self.working = self.most = self.answered = 0
        self.asked = asyncio.Event()

    async def answer(self, scope: Scope, _receive: Any, _send: Any) -> None:
        self.working += 1
        self.most = max(self.most, self.working)
        if scope["path"] == "/waits":
            await self.asked.wait()
        self.asked.set()
        await asyncio.sleep(0)
        self.working -= 1
        self.answered += 1
        if scope["path"] == "/fails":
            raise LookupError

    async def ask(self, *paths: str) -> None:
        """All at once."""
        requests = [self.turns({"type": "http", "path": path}, None, None) for path in paths]  # type: ignore[arg-type]
        async with asyncio.timeout(5):
            await asyncio.gather(*requests, return_exceptions=True)


@pytest.fixture
def app() -> Application:
    return Application()


@pytest.fixture
def endless_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 60)


@pytest.mark.usefixtures("endless_turns")
def test_few_requests_work_at_a_time_in_each_loop(app: Application) -> None:
    asyncio.run(app.ask(*["/works"] * 20))
    asyncio.run(app.ask(*["/works"] * 20))

    assert (app.answered, app.most) == (40, AT_A_TIME)


def test_a_request_that_waits_loses_its_turn_once(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait_and_work() -> int:
        await app.ask(*["/waits"] * 10, "/works")
        waiting, app.most = app.most, 0
        monkeypatch.setattr(turns, "TURN_SECONDS", 60)
        await app.ask(*["/works"] * 20)
        return waiting

    assert asyncio.run(wait_and_work()) == 11
    assert (app.answered, app.most) == (31, AT_A_TIME)


@pytest.mark.usefixtures("endless_turns")
def test_a_request_that_fails_ends_its_turn(app: Application) -> None:
    asyncio.run(app.ask(*["/fails"] * 20))

    assert app.answered == 20


@pytest.mark.usefixtures("endless_turns")
@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_probe_needs_no_turn(app: Application, probe: str) -> None:
    asyncio.run(app.ask(*["/waits"] * AT_A_TIME, probe))

    assert app.answered == AT_A_TIME + 1
