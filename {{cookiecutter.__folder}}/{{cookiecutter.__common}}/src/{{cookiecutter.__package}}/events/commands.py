"""Commands for handlers of events, and for other jobs, that failed."""

from uuid import UUID

from ..jobs.models import Job
from ..jobs.transactions import jobs_in_transaction


def list_failed() -> list[str]:
    with jobs_in_transaction() as jobs:
        return [describe(job) for job in jobs.list_failed()]


def describe(job: Job) -> str:
    then = f"next try {job.due_at:%Y-%m-%d %H:%M:%S}" if job.due_at else "set aside"
    tries = "1 try" if job.attempts == 1 else f"{job.attempts} tries"
    return f"{job.id}  {job.name}  {tries}, {then}  {job.failed_at:%Y-%m-%d %H:%M:%S}  {job.error}"


def retry_failed(job_id: UUID | None) -> str:
    """Raises LookupError if no such job has failed."""
    with jobs_in_transaction() as jobs:
        count = jobs.retry(job_id)
    if job_id and not count:
        raise LookupError(f"{job_id}: no such job has failed")
    return f"{count} {'job runs' if count == 1 else 'jobs run'} again now"
