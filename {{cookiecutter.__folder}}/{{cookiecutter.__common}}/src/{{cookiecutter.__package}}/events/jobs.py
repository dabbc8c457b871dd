"""What the worker does for events."""

from ..jobs.registry import scheduled
from .settings import get_settings
from .transactions import events_in_transaction


@scheduled("45 * * * *")
def remove_old_events() -> None:
    more = True
    while more:
        with events_in_transaction() as events:
            more = events.remove_old_events(get_settings().event_retention_days)
