"""Operations are closed by default."""

import pytest
from flask import Blueprint, Flask

from {{ cookiecutter.__package }}.core.routing import ANYONE, operation, register


def greet() -> str:
    return "hello"


async def greet_later() -> str:
    return "hello"


def test_a_view_that_does_not_say_who_may_call_it_is_refused() -> None:
    greetings = Blueprint("greetings", __name__)
    greetings.get("/greetings")(greet)

    with pytest.raises(TypeError, match=r"greetings\.greet does not say who may call it"):
        register(Flask(__name__), greetings)


def test_an_async_one_is_refused() -> None:
    with pytest.raises(TypeError, match=r"greet_later is async, but sessions are not: see docs/adr/0002"):
        operation(ANYONE, returns=str)(greet_later)


def test_opening_one_is_a_visible_act() -> None:
    greetings = Blueprint("greetings", __name__)
    greetings.get("/greetings")(operation(ANYONE, returns=str)(greet))

    register(Flask(__name__), greetings)
