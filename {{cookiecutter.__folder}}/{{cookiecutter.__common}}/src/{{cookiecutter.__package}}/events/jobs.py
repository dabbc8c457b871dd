"""What the worker does for events."""

from ..jobs.registry import scheduled
from ..jobs.service import sweep
from .settings import get_settings
from .transactions import events_in_transaction


@scheduled("45 * * * *")
def remove_old_events() -> None:
    days = get_settings().event_retention_days
    sweep(events_in_transaction, lambda events: events.remove_old_events(days))
