"""Routes are closed by default."""

import pytest

from {{ cookiecutter.__package }}.core.routing import ANYONE, api_router


def greet() -> str:
    return "hello"


def test_a_route_that_does_not_say_who_may_call_it_is_refused() -> None:
    with pytest.raises(TypeError, match="/api/v1/greetings does not say who may call it"):
        api_router().get("/greetings")(greet)


def test_opening_one_is_a_visible_act() -> None:
    assert api_router().get("/greetings", dependencies=[ANYONE])(greet) is greet
