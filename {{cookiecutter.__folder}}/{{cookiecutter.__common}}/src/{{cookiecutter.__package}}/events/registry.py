"""What happens when something has happened: `@on("user.created")`, in `handlers.py` of a feature."""

from collections import defaultdict
from collections.abc import Callable
from inspect import signature

from ..jobs.registry import register, registered_jobs
from .schemas import EventRead

# The name of the job and of its parameter, by the type of the event.
_handlers: dict[str, list[tuple[str, str]]] = defaultdict(list)


def on[Handler: Callable[[EventRead], object]](*event_types: str) -> Callable[[Handler], Handler]:
    """The worker calls the function with each event of these types, after the commit of what it tells of. A handler is
    a job: it may run twice for one event, and events may come in another order than they happened.
    """

    def decorate(handler: Handler) -> Handler:
        [parameter] = signature(handler).parameters
        name = register(handler)
        for event_type in event_types:
            _handlers[event_type].append((name, parameter))
        return handler

    return decorate


def handlers_of(event_type: str) -> list[tuple[str, str]]:
    registered_jobs()  # Loads the handlers of all features.
    return _handlers.get(event_type, [])
