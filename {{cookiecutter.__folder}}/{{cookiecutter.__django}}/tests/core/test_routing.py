"""Operations are closed by default."""

from typing import Any

import pytest
from django.http import HttpRequest
from ninja import Router

from {{ cookiecutter.__package }}.core.routing import Api, anyone


def greet(request: HttpRequest) -> str:
    return "hello"


def mounted(**options: Any) -> Api:
    greetings = Router()
    greetings.get("/greetings", **options)(greet)
    api = Api()
    api.add_router("/api/v1", greetings)
    return api


@pytest.mark.parametrize("options", [{}, {"auth": None}])
def test_an_operation_that_does_not_say_who_may_call_it_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="/api/v1/greetings does not say who may call it"):
        _ = mounted(**options).urls


def test_opening_one_is_a_visible_act() -> None:
    assert mounted(auth=anyone).urls
