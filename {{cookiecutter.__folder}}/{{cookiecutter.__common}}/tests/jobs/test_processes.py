"""Workers as processes: what they run, and what is left when one is killed."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT

from ..database import Database
from .processes import Project, replace, wait_until

pytestmark = pytest.mark.slow

# Signs Carol up and ends when the answer begins, as a server that is killed after its commit.
DIES = """
import asyncio
import json
import os

from tests.framework import app
from tests.passwords import PASSWORD

BODY = json.dumps({"email": "carol@example.com", "password": PASSWORD, "name": "Carol"}).encode()


async def receive():
    return {"type": "http.request", "body": BODY, "more_body": False}


async def send(_message):
    os._exit(9)


scope = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/api/v1/auth/signup",
    "raw_path": b"/api/v1/auth/signup",
    "root_path": "",
    "query_string": b"",
    "headers": [
        (b"host", b"testserver"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ],
    "client": ("127.0.0.1", 1),
    "server": ("testserver", 80),
}
asyncio.run(app(scope, receive, send))
"""


def test_a_job_of_a_killed_worker_is_done_by_another(project: Project, enqueue: Callable[[str, float], None]) -> None:
    with project.worker() as first:
        enqueue("a", 60)
        wait_until(project.notes)
        first.kill()
    replace(project.root / "src/{{ cookiecutter.__package }}/samples/jobs.py", "time.sleep(seconds)", "pass")

    with project.worker() as second:
        wait_until(lambda: ("end", "a", second.pid) in project.notes())

    assert [what for what, name, _ in project.notes() if name == "a"] == ["begin", "begin", "end"]


def test_what_a_killed_server_has_committed_is_done(project: Project, database: Database) -> None:
    query = "SELECT count(*) FROM jobs WHERE name = 'auth.mail_link'"

    assert subprocess.run([sys.executable, "-c", DIES], cwd=ROOT).returncode == 9
    assert database.rows(query) == [(1,)]

    with project.worker():
        wait_until(lambda: database.rows(query) == [(0,)])
    assert database.rows("SELECT count(*) FROM email_tokens WHERE token_hash IS NOT NULL") == [(1,)]


def test_a_worker_that_is_told_to_stop_ends_what_it_has_begun(
    project: Project, enqueue: Callable[[str, float], None], database: Database
) -> None:
    with project.worker() as worker:
        enqueue("a", 2)
        wait_until(project.notes)
        enqueue("b", 0)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0

    assert ("end", "a", worker.pid) in project.notes()
    assert database.rows("SELECT count(*) FROM jobs WHERE name = 'samples.work' AND attempts > 0") == [(0,)]


def test_no_job_runs_twice_at_a_time_however_long_it_takes(
    project: Project, enqueue: Callable[[str, float], None]
) -> None:
    numbers = count()

    with project.worker() as first, project.worker() as second:

        def both_work() -> bool:
            enqueue(f"first-{next(numbers)}", 0.1)
            return {process for _, _, process in project.notes()} == {first.pid, second.pid}

        wait_until(both_work)
        enqueue("long", 5)  # Longer than the lease.
        for number in range(100):
            enqueue(f"short-{number}", 0)
        wait_until(lambda: [note for note in project.notes() if note[:2] == ("end", "long")])

    counts = Counter((what, name) for what, name, _ in project.notes() if what != "tick")
    assert set(counts.values()) == {1}
    assert len(counts) == 202 + 2 * next(numbers)


def test_a_scheduled_job_runs_once_with_two_workers(project: Project, database: Database) -> None:
    with project.worker(), project.worker():
        wait_until(lambda: database.rows("SELECT count(*) FROM jobs WHERE name = 'samples.tick'") == [(1,)])
        database.execute("UPDATE jobs SET due_at = '2020-01-01 00:00:00' WHERE name = 'samples.tick'")
        wait_until(project.notes)
        time.sleep(1.5)

    assert len(project.notes()) <= 2  # The next minute may have begun.
