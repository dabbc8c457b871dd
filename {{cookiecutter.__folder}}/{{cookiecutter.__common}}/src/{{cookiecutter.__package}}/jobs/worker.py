"""The worker: huey's consumer, with its threads and signals, runs the jobs of our table.

huey's own queues can not take part in a transaction of the service: see docs/adr/jobs.
"""

from datetime import datetime
from time import monotonic, perf_counter
from uuid import UUID

import structlog
from huey import Huey
from huey.api import Task
from huey.consumer import Consumer
from huey.storage import BlackHoleStorage

from ..core.database import is_unavailable
from ..core.settings import SERVICE
from ..telemetry.service import job_span, start_telemetry
from .models import Job
from .registry import RegisteredJob, registered_jobs
from .service import CAUSED_BY
from .transactions import has_due_jobs, jobs_in_transaction

log = structlog.get_logger()

POLL_SECONDS = 0.5
RENEWAL_SECONDS = 10
STOP_SECONDS = 8  # Docker waits for 10.

_running: dict[UUID | None, Job] = {}  # By the id of the claim.


class Run(Task):  # type: ignore[misc]
    def execute(self) -> None:
        run(*self.args)


class Jobs(Huey):  # type: ignore[misc]
    """huey, without a queue of its own."""

    idle_until = 0.0
    database_is_away = False

    def dequeue(self) -> Task | None:
        if monotonic() < self.idle_until:
            return None  # Another thread has asked a moment ago.
        try:
            job = claim_job()
        except Exception as error:
            if not is_unavailable(error):
                raise
            if not self.database_is_away:  # One line, and not one for each poll.
                log.warning("database_unavailable")
            self.database_is_away, job = True, None
        else:
            self.database_is_away = False
        if job is None:
            self.idle_until = monotonic() + POLL_SECONDS
            return None
        return Run([job])

    def read_schedule(self, _now: datetime | None = None) -> list[Task]:
        """huey asks for it every RENEWAL_SECONDS."""
        with jobs_in_transaction() as jobs:
            jobs.renew(list(_running.values()))
            jobs.plan(registered_jobs().values())
        return []


class Worker(Consumer):  # type: ignore[misc]
    def start(self) -> None:
        # SIGINT would stop it at once, and SIGHUP would start it again. Now each lets running jobs finish.
        self._signal_actions: dict[int, tuple[bool, bool]] = dict.fromkeys(self._signal_actions, (False, True))
        self._set_signal_handlers()  # Before a thread begins a job that a signal would kill.
        super().start()


def work(threads: int) -> None:
    """Blocks until SIGTERM or SIGINT, and then lets running jobs finish, for at most STOP_SECONDS.

    The same signal once more stops it at once.
    """
    registered_jobs()  # Fails now if one could not run.
    start_telemetry(jobs_waiting=count_waiting_jobs)
    log.info("worker_started", threads=threads)
    Worker(
        Jobs(SERVICE, results=False, storage_class=BlackHoleStorage),
        workers=threads,
        periodic=False,
        max_delay=POLL_SECONDS,
        scheduler_interval=RENEWAL_SECONDS,
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS,
    ).run()
    log.info("worker_stopped")


def job_named(name: str) -> RegisteredJob:
    """Raises LookupError."""
    if name not in registered_jobs():
        raise LookupError(f"there is no job {name} in this version of the service")
    return registered_jobs()[name]


def count_waiting_jobs() -> int:
    with jobs_in_transaction() as jobs:
        return jobs.count_waiting()


def claim_job() -> Job | None:
    """None if no job is due."""
    if not has_due_jobs():
        return None
    with jobs_in_transaction() as jobs:
        return jobs.claim()


def run(job: Job) -> None:
    """Runs a claimed job, and writes down what became of it."""
    with structlog.contextvars.bound_contextvars(job=job.name, job_id=job.id, **{CAUSED_BY: job.request_id}):
        started = perf_counter()
        _running[job.claim_id] = job
        try:
            with job_span(job.name, job.traceparent):
                job_named(job.name).run(**job.arguments)
        except Exception as error:
            with jobs_in_transaction() as jobs:
                due_at = jobs.fail(job, error)
            log.error("job_failed", attempt=job.attempts, next_attempt_at=due_at and due_at.isoformat(), exc_info=True)
        else:
            with jobs_in_transaction() as jobs:
                jobs.complete(job)
            log.info("job_done", attempt=job.attempts, duration_ms=round((perf_counter() - started) * 1000, 1))
        finally:
            del _running[job.claim_id]
