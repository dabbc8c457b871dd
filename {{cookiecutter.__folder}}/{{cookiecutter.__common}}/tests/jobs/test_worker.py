"""Jobs with the real database, run as a worker runs them."""

import io
import json
import signal
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import structlog
from click.testing import CliRunner
from huey.consumer import Consumer
from huey.storage import BlackHoleStorage

from {{ cookiecutter.__package }} import cli
from {{ cookiecutter.__package }}.jobs import worker
from {{ cookiecutter.__package }}.jobs.jobs import remove_set_aside
from {{ cookiecutter.__package }}.jobs.registry import job
from {{ cookiecutter.__package }}.jobs.transactions import jobs_in_transaction
from {{ cookiecutter.__package }}.jobs.worker import claim_job

from ..database import Database
from .running import run_due_jobs

SIGNALS = [signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if name in signal.Signals.__members__]

done: list[str] = []


@job
def note(text: str) -> None:
    done.append(text)
    if text == "broken":
        raise RuntimeError("This job is broken.")


@pytest.fixture(autouse=True)
def nothing_done(client: httpx2.Client) -> None:
    done.clear()


def enqueue(*texts: str) -> None:
    for text in texts:
        with jobs_in_transaction() as jobs:
            jobs.enqueue("jobs.note", text=text)


def command(*arguments: str) -> str:
    return CliRunner().invoke(cli.cli, ["events", *arguments], catch_exceptions=False).output


def worker_command(*arguments: str) -> str:
    return CliRunner().invoke(cli.cli, ["worker", *arguments], catch_exceptions=False).output


class TestAWorker:
    def test_can_be_told_to_stop_before_its_first_job_begins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A signal without a handler would kill it, and the job."""
        handlers: list[Any] = []
        monkeypatch.setattr(Consumer, "start", lambda _self: handlers.extend(map(signal.getsignal, SIGNALS)))
        before = list(map(signal.getsignal, SIGNALS))

        told = worker.Worker(worker.Jobs("tests", storage_class=BlackHoleStorage), graceful_signal="TERM")
        try:
            told.start()
        finally:
            for number, handler in zip(SIGNALS, before, strict=True):
                signal.signal(number, handler)

        assert not set(before) & set(handlers)
        for number, handle in zip(SIGNALS, handlers, strict=True):
            handle(number, None)
            assert (told._graceful, told._restart) == (True, False)


class TestJobs:
    def test_run_in_the_order_in_which_they_are_due(self, database: Database) -> None:
        enqueue("a", "b", "c")

        run_due_jobs()

        assert (done, database.rows("SELECT * FROM jobs")) == (["a", "b", "c"], [])

    def test_run_only_if_the_transaction_is_committed(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), jobs_in_transaction() as jobs:
            jobs.enqueue("jobs.note", text="never")
            raise ZeroDivisionError

        run_due_jobs()

        assert done == []

    def test_do_not_get_another_lease_when_they_have_failed(self, database: Database) -> None:
        enqueue("a")
        job = claim_job()
        assert job
        with jobs_in_transaction() as jobs:
            jobs.fail(job, RuntimeError())
        database.execute("UPDATE jobs SET due_at = NULL")

        with jobs_in_transaction() as jobs:
            jobs.renew([job])

        assert database.rows("SELECT due_at FROM jobs") == [(None,)]

    def test_keep_their_lease_while_they_run(self, database: Database) -> None:
        enqueue("a")
        job = claim_job()
        assert job
        database.execute("UPDATE jobs SET due_at = '2020-01-01 00:00:00'")

        with jobs_in_transaction() as jobs:
            jobs.renew([job])

        assert claim_job() is None


class TestLog:
    def test_names_the_request_that_wanted_the_job(self, client: httpx2.Client, log: io.StringIO) -> None:
        enqueue("a", "broken")

        run_due_jobs()

        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        [ok, failed] = [line for line in lines if line["event"].startswith("job_")]
        assert (ok["event"], ok["job"], ok["attempt"]) == ("job_done", "jobs.note", 1)
        assert (failed["event"], failed["level"], failed["attempt"]) == ("job_failed", "error", 1)
        assert "This job is broken." in failed["exception"]
        assert failed["next_attempt_at"]

    def test_names_it_also_for_a_job_of_a_job(self, client: httpx2.Client, database: Database) -> None:
        body = {"email": "carol@example.com"}
        client.post("/api/v1/auth/password/forgotten", json=body, headers={"X-Request-ID": "the-request"})
        [(name, request_id)] = database.rows("SELECT name, request_id FROM jobs")
        assert (name, request_id) == ("auth.mail_password_reset", "the-request")

        with structlog.contextvars.bound_contextvars(caused_by=request_id):
            enqueue("a")
        assert database.rows("SELECT request_id FROM jobs WHERE name = 'jobs.note'") == [("the-request",)]


class TestOneJob:
    def test_runs_now_when_it_is_named(self) -> None:
        assert worker_command("--run", "auth.remove_expired") == ""

    def test_is_one_that_there_is(self) -> None:
        said = worker_command("--run", "notes.unknown")

        assert said == "Error: there is no job notes.unknown in this version of the service\n"


class TestFailedJobs:
    @pytest.fixture(autouse=True)
    def failed(self, database: Database) -> Iterator[None]:
        enqueue("broken", "fine")
        run_due_jobs()
        yield

    def test_are_listed(self, database: Database) -> None:
        [line] = command("--failed").splitlines()
        assert "  jobs.note  1 try, next try 20" in line
        assert line.endswith("  RuntimeError: This job is broken.")

        database.execute("UPDATE jobs SET due_at = NULL")
        assert "1 try, set aside" in command("--failed")

    def test_run_again_when_they_are_told_to(self, database: Database) -> None:
        database.execute("UPDATE jobs SET due_at = NULL, attempts = 8")
        [(job_id,)] = database.rows("SELECT id FROM jobs")

        assert command("--retry") == "1 job runs again now\n"
        run_due_jobs()

        assert done == ["broken", "fine", "broken"]
        assert database.rows("SELECT attempts FROM jobs") == [(1,)]
        assert command("--retry", str(job_id)) == "1 job runs again now\n"

    def test_are_left_alone_while_they_run_again(self, database: Database) -> None:
        database.execute("UPDATE jobs SET due_at = '2020-01-01 00:00:00'")
        assert claim_job()

        assert command("--retry") == "0 jobs run again now\n"
        assert command("--failed") == "Nothing has failed.\n"

    def test_are_removed_in_the_end(self, database: Database) -> None:
        database.execute("UPDATE jobs SET due_at = NULL")
        remove_set_aside()
        assert len(database.rows("SELECT * FROM jobs")) == 1

        database.execute("UPDATE jobs SET failed_at = '2020-01-01 00:00:00'")
        remove_set_aside()
        assert database.rows("SELECT * FROM jobs") == []

    def test_are_known_by_their_id(self) -> None:
        nobody = "00000000-0000-0000-0000-000000000000"

        assert command("--retry", nobody) == f"Error: {nobody}: no such job has failed\n"
        assert "Choose --failed or --retry." in command()


class TestTheDatabaseIsAway:
    def test_the_worker_says_it_once_and_goes_on(
        self, client: httpx2.Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def is_away() -> bool:
            raise ConnectionError

        monkeypatch.setattr(worker, "POLL_SECONDS", 0)
        monkeypatch.setattr(worker, "is_unavailable", lambda error: isinstance(error, ConnectionError))
        queue = worker.Jobs("test", results=False, storage_class=BlackHoleStorage)
        enqueue("a")

        with monkeypatch.context() as patch:
            patch.setattr(worker, "has_due_jobs", is_away)
            assert (queue.dequeue(), queue.dequeue()) == (None, None)
        queue.execute(queue.dequeue())

        assert (done, log.getvalue().count("database_unavailable")) == (["a"], 1)
