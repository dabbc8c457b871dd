"""Operations are closed by default."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from ninja import Router

from {{ cookiecutter.__package }}.core.routing import Api, anyone


def greet(request: HttpRequest) -> str:
    return "hello"


async def greet_later(request: HttpRequest) -> str:
    return "hello"


def mounted(view: Callable[..., Any] = greet, **options: Any) -> Api:
    greetings = Router()
    greetings.get("/greetings", **options)(view)
    api = Api()
    api.add_router("/api/v1", greetings)
    return api


@pytest.mark.parametrize("options", [{}, {"auth": None}])
def test_an_operation_that_does_not_say_who_may_call_it_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="/api/v1/greetings does not say who may call it"):
        _ = mounted(**options).urls


def test_an_async_one_is_refused() -> None:
    with pytest.raises(TypeError, match=r"greet_later is async, but transactions are not: see docs/adr/0002"):
        _ = mounted(greet_later, auth=anyone).urls


def test_opening_one_is_a_visible_act() -> None:
    assert mounted(auth=anyone).urls
