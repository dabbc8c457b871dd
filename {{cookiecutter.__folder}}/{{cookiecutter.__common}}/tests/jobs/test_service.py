"""The rules of jobs, without a database."""

from collections.abc import Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from {{ cookiecutter.__package }}.core.errors import Duplicate
from {{ cookiecutter.__package }}.jobs.models import Job
from {{ cookiecutter.__package }}.jobs.registry import RegisteredJob, job, registered_jobs
from {{ cookiecutter.__package }}.jobs.repository import JobRepository
from {{ cookiecutter.__package }}.jobs.service import LEASE, RETRY_SECONDS, JobService, RetryLater

BROKEN = RuntimeError("broken")


@job
def tidy() -> None: ...


class FakeJobRepository(JobRepository):
    def __init__(self) -> None:
        self.jobs: dict[UUID, Job] = {}

    def add_job(self, job: Job) -> None:
        self.jobs[job.id] = job

    def add_scheduled_job(self, job: Job) -> None:
        if job.id in self.jobs:
            raise Duplicate
        self.add_job(job)

    def save_job(self, job: Job) -> None:
        assert job.id in self.jobs

    def remove_job(self, job: Job) -> None:
        del self.jobs[job.id]

    def lock_due_job(self, now: datetime) -> Job | None:
        return next((job for job in self.jobs.values() if job.due_at and job.due_at <= now), None)

    def lock_claimed_job(self, job_id: UUID, claim_id: UUID | None) -> Job | None:
        job = self.jobs.get(job_id)
        return job if job and job.claim_id == claim_id else None

    def list_scheduled_jobs(self) -> Sequence[Job]:
        return [job for job in self.jobs.values() if job.schedule]


@pytest.fixture
def repository() -> FakeJobRepository:
    return FakeJobRepository()


@pytest.fixture
def jobs(repository: FakeJobRepository) -> JobService:
    return JobService(repository)


def claim(jobs: JobService) -> Job:
    job = jobs.claim()
    assert job
    return job


def seconds_until(moment: datetime | None) -> float:
    assert moment
    return (moment - datetime.now(UTC)).total_seconds()


class TestEnqueue:
    def test_refuses_a_job_that_nobody_would_run(self, jobs: JobService) -> None:
        with pytest.raises(KeyError, match=r"jobs\.unknown"):
            jobs.enqueue("jobs.unknown")

    def test_may_wait_for_its_time(self, jobs: JobService, repository: FakeJobRepository) -> None:
        jobs.enqueue_at(datetime.now(UTC) + timedelta(hours=1), "jobs.tidy")
        assert jobs.claim() is None

        [job] = repository.jobs.values()
        job.due_at = datetime.now(UTC)
        assert claim(jobs) is job

    def test_runs_a_scheduled_job_once_more(
        self, jobs: JobService, repository: FakeJobRepository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(registered_jobs(), "notes.tidy", RegisteredJob("notes.tidy", tidy, "* * * * *"))
        jobs.enqueue("notes.tidy")

        jobs.complete(claim(jobs))

        assert repository.jobs == {}


class TestClaim:
    def test_leaves_nothing_for_others(self, jobs: JobService) -> None:
        jobs.enqueue("jobs.tidy")

        assert claim(jobs).attempts == 1
        assert jobs.claim() is None

    def test_ends_with_the_lease(self, jobs: JobService) -> None:
        jobs.enqueue("jobs.tidy")
        first = claim(jobs)
        assert seconds_until(first.due_at) == pytest.approx(LEASE.total_seconds(), abs=1)

        first.due_at = datetime.now(UTC)
        assert claim(jobs).attempts == 2

    def test_sets_a_job_aside_that_kills_its_worker(self, jobs: JobService, repository: FakeJobRepository) -> None:
        jobs.enqueue("jobs.tidy")
        [job] = repository.jobs.values()
        for _ in range(8):
            claim(jobs)
            job.due_at = datetime.now(UTC)

        assert jobs.claim() is None
        assert (job.due_at, job.error) == (None, "Its worker has died each time.")


class TestComplete:
    def test_removes_the_job(self, jobs: JobService, repository: FakeJobRepository) -> None:
        jobs.enqueue("jobs.tidy")

        jobs.complete(claim(jobs))

        assert repository.jobs == {}

    def test_is_too_late_when_another_worker_has_the_job(self, jobs: JobService, repository: FakeJobRepository) -> None:
        jobs.enqueue("jobs.tidy")
        slow = copy(claim(jobs))
        repository.jobs[slow.id].due_at = datetime.now(UTC)
        claim(jobs)

        jobs.complete(slow)
        jobs.fail(slow, BROKEN)

        assert repository.jobs[slow.id].error is None


class TestFail:
    def test_waits_longer_each_time_and_then_sets_the_job_aside(
        self, jobs: JobService, repository: FakeJobRepository
    ) -> None:
        jobs.enqueue("jobs.tidy")
        [job] = repository.jobs.values()

        for seconds in RETRY_SECONDS:
            again = jobs.fail(claim(jobs), BROKEN)
            assert seconds_until(again) == pytest.approx(seconds, rel=0.11, abs=1)
            job.due_at = datetime.now(UTC)

        assert jobs.fail(claim(jobs), BROKEN) is None
        assert (job.due_at, job.attempts, job.error) == (None, 8, "RuntimeError: broken")
        assert timedelta(hours=27) < timedelta(seconds=sum(RETRY_SECONDS)) < timedelta(hours=28)

    def test_waits_as_long_as_the_job_asks(self, jobs: JobService) -> None:
        jobs.enqueue("jobs.tidy")

        again = jobs.fail(claim(jobs), RetryLater("The receiver is busy.", seconds=99))

        assert seconds_until(again) == pytest.approx(99, abs=1)

    def test_keeps_no_nul_which_no_database_takes(self, jobs: JobService, repository: FakeJobRepository) -> None:
        jobs.enqueue("jobs.tidy")

        jobs.fail(claim(jobs), RuntimeError("a\0b"))

        assert [job.error for job in repository.jobs.values()] == ["RuntimeError: ab"]


class TestScheduledJobs:
    def plan(self, jobs: JobService, schedule: str) -> None:
        jobs.plan([RegisteredJob("notes.tidy", tidy, schedule), RegisteredJob("notes.export", tidy, None)])

    def test_are_planned_once(self, jobs: JobService, repository: FakeJobRepository) -> None:
        self.plan(jobs, "0 3 * * *")
        [job] = repository.jobs.values()
        self.plan(jobs, "0 3 * * *")

        assert list(repository.jobs.values()) == [job]
        assert (job.name, job.due_at and job.due_at.hour) == ("notes.tidy", 3)

    def test_follow_a_new_schedule(self, jobs: JobService, repository: FakeJobRepository) -> None:
        self.plan(jobs, "0 3 * * *")
        self.plan(jobs, "0 5 * * *")

        assert [job.due_at and job.due_at.hour for job in repository.jobs.values()] == [5]

    def test_go_when_no_worker_has_known_them_for_long(self, jobs: JobService, repository: FakeJobRepository) -> None:
        self.plan(jobs, "* * * * *")
        [job] = repository.jobs.values()
        for _ in range(8):
            job.due_at = datetime.now(UTC)
            jobs.fail(claim(jobs), KeyError(job.name))

        assert repository.jobs == {}

    def test_two_workers_may_start_at_once(self, jobs: JobService, repository: FakeJobRepository) -> None:
        self.plan(jobs, "0 3 * * *")
        repository.list_scheduled_jobs = list  # type: ignore[method-assign]
        self.plan(jobs, "0 3 * * *")

        assert len(repository.jobs) == 1

    @pytest.mark.parametrize("failures", [0, 1, 8, 9])
    def test_go_on_at_the_next_time_also_after_failures(
        self,
        jobs: JobService,
        repository: FakeJobRepository,
        monkeypatch: pytest.MonkeyPatch,
        failures: int,
    ) -> None:
        monkeypatch.setitem(registered_jobs(), "notes.tidy", RegisteredJob("notes.tidy", tidy, "* * * * *"))
        self.plan(jobs, "* * * * *")
        [job] = repository.jobs.values()
        for _ in range(failures):
            job.due_at = datetime.now(UTC)
            jobs.fail(claim(jobs), BROKEN)
            assert 0 < seconds_until(job.due_at) <= 60
        job.due_at = datetime.now(UTC)

        jobs.complete(claim(jobs))

        assert 0 < seconds_until(job.due_at) <= 60
        assert (job.attempts, job.claim_id, job.failed_at, job.error) == (0, None, None, None)
