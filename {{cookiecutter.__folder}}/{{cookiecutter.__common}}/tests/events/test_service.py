"""The rules of events, without a database and without HTTP."""

import pytest

from {{ cookiecutter.__package }}.core.errors import Duplicate
from {{ cookiecutter.__package }}.events.models import Event
from {{ cookiecutter.__package }}.events.repository import EventRepository
from {{ cookiecutter.__package }}.events.schemas import EventQuery
from {{ cookiecutter.__package }}.events.service import EventService, Outbox


def enqueue(_name: str, /, **_arguments: object) -> None:
    """Nothing is done later."""


class FakeEventRepository(EventRepository):
    def __init__(self) -> None:
        self.events: list[Event] = []

    def add_event(self, event: Event) -> None:
        self.events.append(event)

    def has_new_events(self) -> bool:
        return any(event.number is None for event in self.events)

    def list_events(self, last_seen: int, event_type: str | None, limit: int) -> list[Event]:
        return self.events


def test_numbers_are_given_again_when_another_request_has_given_the_same() -> None:
    events, tries = FakeEventRepository(), [Duplicate, None]
    Outbox(events, enqueue).record("note.created", note_id=1)

    def number_new_events() -> None:
        if error := tries.pop(0):
            raise error
        events.events[0].number = 1

    [event] = EventService(events, number_new_events).list_events(EventQuery()).items

    assert (event.type, event.data, tries) == ("note.created", {"note_id": 1}, [])


@pytest.mark.parametrize("event_type", ["created", "Note.created", f"note.{'x' * 32}", "note.created\0"])
def test_a_type_that_nobody_could_ask_for_is_refused(event_type: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Outbox(FakeEventRepository(), enqueue).record(event_type)
