"""Operations are closed by default."""

import pytest
from flask import Blueprint, Flask

from {{ cookiecutter.__package }}.core.routing import ANYONE, operation, register


def greet() -> str:
    return "hello"


def test_a_view_that_does_not_say_who_may_call_it_is_refused() -> None:
    greetings = Blueprint("greetings", __name__)
    greetings.get("/greetings")(greet)

    with pytest.raises(TypeError, match=r"greetings\.greet does not say who may call it"):
        register(Flask(__name__), greetings)


def test_opening_one_is_a_visible_act() -> None:
    greetings = Blueprint("greetings", __name__)
    greetings.get("/greetings")(operation(ANYONE, returns=str)(greet))

    register(Flask(__name__), greetings)
