"""What the worker does for kept answers."""

from datetime import UTC, datetime

from ..jobs.registry import scheduled
from .transactions import answers_in_transaction


@scheduled("30 * * * *")
def remove_expired() -> None:
    more = True
    while more:
        with answers_in_transaction() as answers:
            more = answers.remove_expired(datetime.now(UTC)) > 0
