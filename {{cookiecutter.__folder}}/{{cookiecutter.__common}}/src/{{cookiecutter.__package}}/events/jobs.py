"""What the worker does for events."""

from ..jobs.registry import scheduled
from ..jobs.service import sweep
from .settings import get_settings
from .transactions import events_in_transaction, number_events


@scheduled("* * * * *")
def number_new_events() -> None:
    """Otherwise the first client that lists events after a long time would wait until each of them has a number."""
    number_events()


@scheduled("45 * * * *")
def remove_old_events() -> None:
    days = get_settings().event_retention_days
    sweep(events_in_transaction, lambda events: events.remove_old_events(days))
