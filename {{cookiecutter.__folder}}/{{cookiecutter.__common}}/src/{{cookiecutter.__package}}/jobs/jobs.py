"""What the worker does for jobs."""

from .registry import scheduled
from .transactions import jobs_in_transaction


@scheduled("50 3 * * *")
def remove_set_aside() -> None:
    with jobs_in_transaction() as jobs:
        jobs.remove_set_aside()
