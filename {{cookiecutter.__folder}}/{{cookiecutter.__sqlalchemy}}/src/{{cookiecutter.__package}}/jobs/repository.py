"""Every query on jobs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate
from .models import Job

# Built once, because every worker asks twice a second.
_DUE_JOB = select(Job.id).where(Job.due_at <= bindparam("now")).limit(1)


class JobRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_job(self, job: Job) -> None:
        self.session.add(job)

    def add_scheduled_job(self, job: Job) -> None:
        """Raises Duplicate if it is there already."""
        with catch_duplicate(self.session):
            self.session.add(job)

    def save_job(self, job: Job) -> None:
        self.session.add(job)

    def remove_job(self, job: Job) -> None:
        self.session.delete(job)

    def has_due_jobs(self, now: datetime) -> bool:
        return self.session.scalar(_DUE_JOB, {"now": now}) is not None

    def count_due_jobs(self, now: datetime) -> int:
        return self.session.scalar(select(func.count()).where(Job.due_at <= now)) or 0

    def lock_due_job(self, now: datetime) -> Job | None:
        """None if there is none that nobody else has locked."""
        query = select(Job).where(Job.due_at <= now).order_by(Job.due_at).limit(1)
        return self.session.scalar(query.with_for_update(skip_locked=True))

    def lock_claimed_job(self, job_id: UUID, claim_id: UUID | None) -> Job | None:
        """None if another worker has claimed it since, or if it is gone."""
        return self.session.scalar(select(Job).where(Job.id == job_id, Job.claim_id == claim_id).with_for_update())

    def renew_lease(self, job_id: UUID, claim_id: UUID | None, due_at: datetime) -> None:
        query = update(Job).where(Job.id == job_id, Job.claim_id == claim_id)
        self.session.execute(query.values(due_at=due_at))

    def list_scheduled_jobs(self) -> Sequence[Job]:
        return self.session.scalars(select(Job).where(Job.schedule.is_not(None))).all()

    def list_failed_jobs(self) -> Sequence[Job]:
        query = select(Job).where(Job.failed_at.is_not(None))
        return self.session.scalars(query.order_by(Job.due_at.is_not(None), Job.failed_at)).all()

    def make_failed_jobs_due(self, now: datetime, job_id: UUID | None) -> int:
        query = update(Job).where(Job.failed_at.is_not(None)).values(due_at=now, attempts=0)
        made_due = self.session.scalars((query.where(Job.id == job_id) if job_id else query).returning(Job.id))
        return len(made_due.all())

    def remove_jobs_set_aside_before(self, moment: datetime) -> None:
        self.session.execute(delete(Job).where(Job.due_at.is_(None), Job.failed_at < moment))
