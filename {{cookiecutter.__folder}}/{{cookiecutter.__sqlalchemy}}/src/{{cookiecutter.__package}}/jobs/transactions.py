"""The queue in the transaction of others, and in one of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from .repository import JobRepository
from .service import JobService


def jobs_of(session: Session) -> JobService:
    return JobService(JobRepository(session))


@contextmanager
def jobs_in_transaction() -> Iterator[JobService]:
    with open_session() as session, transaction(session):
        yield jobs_of(session)


def has_due_jobs() -> bool:
    with open_session(read_only=True) as session:
        return JobRepository(session).has_due_jobs(datetime.now(UTC))
