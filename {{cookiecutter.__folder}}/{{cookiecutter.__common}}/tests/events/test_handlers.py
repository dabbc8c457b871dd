"""What happens when something has happened."""

from collections import defaultdict
from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.events.registry import EVERY_TYPE, handlers_of, on
from {{ cookiecutter.__package }}.events.schemas import EventRead

from ..accounts import Account
from ..jobs.running import run_due_jobs


@pytest.fixture
def greeted(monkeypatch: pytest.MonkeyPatch) -> list[EventRead]:
    """By a handler that only the test has."""
    monkeypatch.setattr("{{ cookiecutter.__package }}.events.registry._handlers", defaultdict(list))
    jobs: dict[str, Any] = {}
    monkeypatch.setattr("{{ cookiecutter.__package }}.jobs.registry._registered", jobs)
    monkeypatch.setattr("{{ cookiecutter.__package }}.jobs.service.registered_jobs", lambda: jobs)
    monkeypatch.setattr("{{ cookiecutter.__package }}.jobs.worker.registered_jobs", lambda: jobs)
    greeted = []

    @on("user.created", "user.deactivated")
    def greet(happened: EventRead) -> None:
        greeted.append(happened)

    return greeted


def test_a_handler_is_given_each_event_of_its_types(client: httpx2.Client, greeted: list[EventRead]) -> None:
    alice = Account("alice")
    assert greeted == []

    run_due_jobs()

    [event] = greeted
    assert (event.type, event.data["user_id"]) == ("user.created", str(alice.user.id))


def test_the_event_is_the_one_in_the_list(
    client: httpx2.Client, greeted: list[EventRead], admin: httpx2.Client
) -> None:
    run_due_jobs()

    page = admin.get("/api/v1/events", params={"type": "user.created"}).json()
    assert [event.model_dump(mode="json") for event in greeted] == page["items"]


def test_a_handler_takes_an_event(greeted: list[EventRead]) -> None:
    with pytest.raises(LookupError, match="the handler two should take an event"):

        @on("user.created")  # type: ignore[type-var]
        def two(event: EventRead, more: int) -> None: ...


def test_types_without_a_handler_have_none(greeted: list[EventRead]) -> None:
    assert handlers_of("note.created") == []


def test_a_handler_of_every_type_is_one_of_each(greeted: list[EventRead]) -> None:
    @on(EVERY_TYPE)
    def count(happened: EventRead) -> None: ...

    assert handlers_of("note.created") == ["events.count"]
    assert handlers_of("user.created") == ["events.greet", "events.count"]
