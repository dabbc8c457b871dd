"""Routes are closed by default."""

from collections.abc import Iterator

import pytest

from {{ cookiecutter.__package }}.core.routing import ANYONE, api_router


def greet() -> str:
    return "hello"


async def greet_later() -> str:
    return "hello"


def greet_often() -> Iterator[str]:
    yield "hello"


def test_a_route_that_does_not_say_who_may_call_it_is_refused() -> None:
    with pytest.raises(TypeError, match="/api/v1/greetings does not say who may call it"):
        api_router().get("/greetings")(greet)


def test_an_async_one_is_refused() -> None:
    with pytest.raises(TypeError, match=r"greet_later is async, but sessions are not: see docs/adr/0002"):
        api_router().get("/greetings", dependencies=[ANYONE])(greet_later)


def test_one_that_yields_is_refused() -> None:
    with pytest.raises(TypeError, match="greet_often yields its response, which would be written after the end of its"):
        api_router().get("/greetings", dependencies=[ANYONE])(greet_often)


def test_opening_one_is_a_visible_act() -> None:
    assert api_router().get("/greetings", dependencies=[ANYONE])(greet) is greet
