"""What happens when something has happened: `@on("user.created")`, in `handlers.py` of a feature."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

from ..jobs.registry import register, registered_jobs
from .schemas import EventRead

EVERY_TYPE = "*"

# Names of jobs, by the type of the event.
_handlers: dict[str, list[str]] = defaultdict(list)


def on[Handler: Callable[[EventRead], object]](*event_types: str) -> Callable[[Handler], Handler]:
    """The worker calls the function with each event of these types, after the commit of what it tells of; `EVERY_TYPE`
    is all of them. A handler is a job: it may run twice for one event, and events may come in another order than they
    happened.
    """

    def decorate(handler: Handler) -> Handler:
        if len(signature(handler).parameters) != 1:
            raise LookupError(f"{handler.__module__}: the handler {handler.__name__} should take an event.")
        name = register(handler, run=partial(_call, handler))
        for event_type in event_types:
            _handlers[event_type].append(name)
        return handler

    return decorate


def handlers_of(event_type: str) -> list[str]:
    registered_jobs()  # Loads the handlers of all features.
    return [*_handlers.get(event_type, []), *_handlers.get(EVERY_TYPE, [])]


def _call(handler: Callable[[EventRead], object], event: dict[str, Any]) -> None:
    handler(EventRead.model_validate(event))
