"""What webhooks do when something has happened."""

from ..events.registry import EVERY_TYPE, on
from ..events.schemas import EventRead
from .transactions import deliveries_in_transaction


@on(EVERY_TYPE)
def add_deliveries(event: EventRead) -> None:
    with deliveries_in_transaction() as deliveries:
        deliveries.add_deliveries(event)
