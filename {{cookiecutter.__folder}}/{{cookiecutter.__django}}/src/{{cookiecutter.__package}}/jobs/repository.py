"""Every query on jobs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from ..core.database import catch_duplicate
from .models import Job


class JobRepository:
    def add_job(self, job: Job) -> None:
        job.save(force_insert=True)

    def add_scheduled_job(self, job: Job) -> None:
        """Raises Duplicate if it is there already."""
        with catch_duplicate():
            job.save(force_insert=True)

    def save_job(self, job: Job) -> None:
        job.save(force_update=True)

    def remove_job(self, job: Job) -> None:
        job.delete()

    def has_due_jobs(self, now: datetime) -> bool:
        return Job.objects.filter(due_at__lte=now).exists()

    def count_due_jobs(self, now: datetime) -> int:
        return Job.objects.filter(due_at__lte=now).count()

    def lock_due_job(self, now: datetime) -> Job | None:
        """None if there is none that nobody else has locked."""
        due = Job.objects.filter(due_at__lte=now).order_by("due_at")
        return due.select_for_update(skip_locked=True).first()

    def lock_claimed_job(self, job_id: UUID, claim_id: UUID | None) -> Job | None:
        """None if another worker has claimed it since, or if it is gone."""
        return Job.objects.filter(id=job_id, claim_id=claim_id).select_for_update().first()

    def renew_lease(self, job_id: UUID, claim_id: UUID | None, due_at: datetime) -> None:
        Job.objects.filter(id=job_id, claim_id=claim_id).update(due_at=due_at)

    def list_scheduled_jobs(self) -> Sequence[Job]:
        return list(Job.objects.exclude(schedule=None))

    def list_failed_jobs(self) -> Sequence[Job]:
        return list(Job.objects.exclude(failed_at=None).order_by(F("due_at").asc(nulls_first=True), "failed_at"))

    def make_failed_jobs_due(self, now: datetime, job_id: UUID | None) -> int:
        failed = Job.objects.exclude(failed_at=None)
        return (failed.filter(id=job_id) if job_id else failed).update(due_at=now, attempts=0)

    def remove_jobs_set_aside_before(self, moment: datetime) -> None:
        Job.objects.filter(due_at=None, failed_at__lt=moment).delete()
