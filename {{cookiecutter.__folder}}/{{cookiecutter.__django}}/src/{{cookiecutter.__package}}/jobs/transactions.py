"""The queue in the transaction of others, and in one of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import close_old_connections
from django.db.transaction import atomic

from .repository import JobRepository
from .service import JobService

queue = JobService(JobRepository())


@contextmanager
def jobs_in_transaction() -> Iterator[JobService]:
    close_old_connections()  # The connection may have died while a job ran.
    with atomic(durable=True):
        yield queue


def has_due_jobs() -> bool:
    close_old_connections()
    return JobRepository().has_due_jobs(datetime.now(UTC))
