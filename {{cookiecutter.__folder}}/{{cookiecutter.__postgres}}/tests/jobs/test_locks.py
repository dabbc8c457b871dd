"""A job that one worker is about to claim is not waited for."""

import httpx2
import psycopg

from {{ cookiecutter.__package }}.jobs.worker import claim_job

from ..database import Database
from .test_worker import enqueue


def test_two_workers_that_claim_at_once_get_different_jobs(client: httpx2.Client, database: Database) -> None:
    enqueue("a", "b")

    with psycopg.connect(database.url) as other:
        other.execute("SELECT * FROM jobs ORDER BY due_at LIMIT 1 FOR UPDATE")
        second = claim_job()
        assert second
        assert (second.arguments, claim_job()) == ({"text": "b"}, None)
