"""What the worker does for kept answers."""

from datetime import UTC, datetime

from ..jobs.registry import scheduled
from ..jobs.service import sweep
from .transactions import answers_in_transaction


@scheduled("30 * * * *")
def remove_expired() -> None:
    sweep(answers_in_transaction, lambda answers: answers.remove_expired(datetime.now(UTC)) > 0)
