"""Work for later: a job is a row, written in the transaction that wants it done.

Knows no HTTP and no SQL, and never commits.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from random import uniform
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic_core import to_jsonable_python
from structlog.contextvars import get_contextvars
from uuid_utils.compat import uuid7

from ..core.errors import Duplicate
from ..core.logging import current_request_id
from ..telemetry.service import current_traceparent
from .models import Job
from .registry import RegisteredJob, next_time, registered_jobs
from .repository import JobRepository

# The waits after failures: eight tries in about 27 hours, as https://www.standardwebhooks.com advises. Each wait is up
# to a tenth shorter or longer, so that what failed together is not tried together again.
RETRY_SECONDS = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
JITTER = 0.1
# A worker renews it while it runs the job. If the worker dies, another one takes the job when the lease ends.
LEASE = timedelta(seconds=30)
KEPT_WHEN_SET_ASIDE = timedelta(days=90)
ERROR_LENGTH = 500
# In the log of a worker: the request that wanted the job, or that wanted the job that wanted it.
CAUSED_BY = "caused_by"


class RetryLater(Exception):
    """Raised by a job that knows when it should be tried again."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


def sweep[Service](
    in_transaction: Callable[[], AbstractContextManager[Service]], remove: Callable[[Service], bool]
) -> None:
    """Removes in small transactions, until `remove` says that nothing is left."""
    more = True
    while more:
        with in_transaction() as service:
            more = remove(service)


def retry_wait(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts. None if they were enough."""
    if attempts > len(RETRY_SECONDS):
        return None
    return timedelta(seconds=RETRY_SECONDS[attempts - 1] * uniform(1 - JITTER, 1 + JITTER))  # noqa: S311, no secret


class JobService:
    def __init__(self, jobs: JobRepository) -> None:
        self.jobs = jobs

    def enqueue(self, name: str, /, **arguments: object) -> None:
        """The job runs when the transaction has committed, and not at all if it rolls back."""
        self.enqueue_at(datetime.now(UTC), name, **arguments)

    def enqueue_at(self, due_at: datetime, name: str, /, **arguments: object) -> None:
        """As `enqueue`, but not before that time."""
        job = registered_jobs()[name]
        self.jobs.add_job(_new_job(uuid7(), job.name, due_at, to_jsonable_python(arguments)))

    def plan(self, registered: Iterable[RegisteredJob]) -> None:
        """Gives each scheduled job its next time. Those that are not registered stay: a newer worker may know them."""
        now = datetime.now(UTC)
        planned = {job.name: job for job in self.jobs.list_scheduled_jobs()}
        for job in registered:
            if job.schedule:
                self._plan_job(job, planned.get(job.name), next_time(job.schedule, now))

    def claim(self) -> Job | None:
        """The job that is due for the longest time. It belongs to the caller until its lease ends."""
        now = datetime.now(UTC)
        job = self.jobs.lock_due_job(now)
        if job is None:
            return None
        if job.attempts > len(RETRY_SECONDS):
            self._put_off(job, now, "Its worker has died each time.", None)
            return None
        job.attempts += 1
        job.due_at = now + LEASE
        job.claim_id, job.failed_at = uuid7(), None
        self.jobs.save_job(job)
        return job

    def renew(self, claimed: Iterable[Job]) -> None:
        due_at = datetime.now(UTC) + LEASE
        for job in claimed:
            self.jobs.renew_lease(job.id, job.claim_id, due_at)

    def complete(self, claimed: Job) -> None:
        job = self.jobs.lock_claimed_job(claimed.id, claimed.claim_id)
        if job is None:
            return  # The lease has ended, and another worker has the job.
        if job.schedule is None:
            self.jobs.remove_job(job)
            return
        job.due_at = next_time(job.schedule, datetime.now(UTC))
        job.claim_id, job.attempts, job.error = None, 0, None
        self.jobs.save_job(job)

    def fail(self, claimed: Job, error: Exception) -> datetime | None:
        """Returns when the job will be tried again: None if it is set aside."""
        job = self.jobs.lock_claimed_job(claimed.id, claimed.claim_id)
        if job is None:
            return claimed.due_at
        seconds = error.seconds if isinstance(error, RetryLater) else None
        self._put_off(job, datetime.now(UTC), f"{type(error).__name__}: {error}", seconds)
        return job.due_at

    def count_waiting(self) -> int:
        return self.jobs.count_due_jobs(datetime.now(UTC))

    def list_failed(self) -> Sequence[Job]:
        """Those that failed at their last try, the ones that are set aside first."""
        return self.jobs.list_failed_jobs()

    def retry(self, job_id: UUID | None = None) -> int:
        """Runs what failed again, now: all of it, or one job. Returns how many jobs that are."""
        return self.jobs.make_failed_jobs_due(datetime.now(UTC), job_id)

    def remove_set_aside(self) -> None:
        """Those that nobody has asked about for long."""
        self.jobs.remove_jobs_set_aside_before(datetime.now(UTC) - KEPT_WHEN_SET_ASIDE)

    def _plan_job(self, job: RegisteredJob, planned: Job | None, due_at: datetime) -> None:
        if planned is None:
            with suppress(Duplicate):  # Another worker that starts now has done the same.
                id_ = uuid5(NAMESPACE_OID, job.name)
                self.jobs.add_scheduled_job(_new_job(id_, job.name, due_at, {}, job.schedule))
        elif planned.schedule != job.schedule:
            planned.schedule, planned.due_at = job.schedule, due_at
            self.jobs.save_job(planned)

    def _put_off(self, job: Job, now: datetime, error: str, seconds: float | None) -> None:
        is_last = job.attempts > len(RETRY_SECONDS)
        if job.schedule and is_last and job.name not in registered_jobs():
            self.jobs.remove_job(job)
            return
        job.claim_id, job.failed_at = None, now
        job.error = error.replace("\0", "")[:ERROR_LENGTH]
        job.due_at = _retry_time(job, now, seconds)
        if job.schedule and is_last:
            job.attempts = 0
        self.jobs.save_job(job)


def _new_job(id_: UUID, name: str, due_at: datetime, arguments: dict[str, object], schedule: str | None = None) -> Job:
    return Job(
        id=id_,
        name=name,
        arguments=arguments,
        schedule=schedule,
        request_id=current_request_id() or get_contextvars().get(CAUSED_BY),
        traceparent=current_traceparent(),
        created_at=datetime.now(UTC),
        due_at=due_at,
        attempts=0,
    )


def _retry_time(job: Job, now: datetime, seconds: float | None) -> datetime | None:
    times = [next_time(job.schedule, now)] if job.schedule else []
    if wait := retry_wait(job.attempts):
        times.append(now + (wait if seconds is None else timedelta(seconds=seconds)))
    return min(times, default=None)
