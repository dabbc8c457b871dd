"""Runs jobs in a test, as a worker does."""

from {{ cookiecutter.__package }}.jobs.worker import claim_job, run


def run_due_jobs() -> None:
    """Also those that are enqueued meanwhile."""
    while job := claim_job():
        run(job)
