"""Workers as processes: what they run, and what is left when one is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT
from {{ cookiecutter.__package }}.jobs.transactions import jobs_in_transaction

from ..database import Database

pytestmark = pytest.mark.slow

JOBS = """
import os
import time
from pathlib import Path

from ..jobs.registry import job, scheduled

FOLDER = Path(os.environ["NOTES"])


def note(what: str) -> None:
    with (FOLDER / "notes").open("a") as notes:
        notes.write(f"{what} {os.getpid()}\\n")


@job
def work(name: str, seconds: float) -> None:
    note(f"begin {name}")
    time.sleep(seconds)
    note(f"end {name}")


@scheduled("* * * * *")
def tick() -> None:
    note("tick now")
"""


@dataclass
class Project:
    """A copy of this one with a feature, samples, whose jobs write down what they do; and with a short lease."""

    root: Path
    database_url: str

    def write(self) -> None:
        package = self.root / "src/{{ cookiecutter.__package }}"
        copytree(ROOT / "src", self.root / "src")
        if (ROOT / "migrations").exists():
            copytree(ROOT / "migrations", self.root / "migrations")
        copy(ROOT / "pyproject.toml", self.root)
        (package / "samples").mkdir()
        (package / "samples/__init__.py").touch()
        (package / "samples/jobs.py").write_text(JOBS)
        replace(package / "features.py", "\n]", '\n    "samples",\n]')
        replace(package / "jobs/service.py", "LEASE = timedelta(seconds=30)", "LEASE = timedelta(seconds=3)")
        replace(package / "jobs/worker.py", "RENEWAL_SECONDS = 10", "RENEWAL_SECONDS = 1")

    def notes(self) -> list[tuple[str, str, int]]:
        """What happened, to which job, in which process."""
        path = self.root / "notes"
        lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        return [(what, name, int(process)) for what, name, process in lines]

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        environment = os.environ | {
            "PYTHONPATH": str(self.root / "src"),
            "DATABASE_URL": self.database_url,
            "NOTES": str(self.root),
        }
        command = [sys.executable, "-m", "{{ cookiecutter.__package }}", "worker"]
        with subprocess.Popen(command, cwd=self.root, env=environment) as process:
            try:
                yield process
            finally:
                process.kill()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def project(database: Database, tmp_path: Path) -> Project:
    database.empty()
    project = Project(tmp_path, database.url)
    project.write()
    return project


@pytest.fixture
def enqueue(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, float], None]:
    """Of a job that only the worker knows."""
    from {{ cookiecutter.__package }}.jobs.registry import RegisteredJob, registered_jobs

    monkeypatch.setitem(registered_jobs(), "samples.work", RegisteredJob("samples.work", print, None))

    def enqueue(name: str, seconds: float) -> None:
        with jobs_in_transaction() as jobs:
            jobs.enqueue("samples.work", name=name, seconds=seconds)

    return enqueue


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_job_of_a_killed_worker_is_done_by_another(project: Project, enqueue: Callable[[str, float], None]) -> None:
    with project.worker() as first:
        enqueue("a", 60)
        wait_until(project.notes)
        first.kill()
    replace(project.root / "src/{{ cookiecutter.__package }}/samples/jobs.py", "time.sleep(seconds)", "pass")

    with project.worker() as second:
        wait_until(lambda: ("end", "a", second.pid) in project.notes())

    assert [what for what, name, _ in project.notes() if name == "a"] == ["begin", "begin", "end"]


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
    enqueue("long", 5)  # Longer than the lease.
    for number in range(100):
        enqueue(f"short-{number}", 0)

    with project.worker() as first, project.worker() as second:
        wait_until(lambda: [note for note in project.notes() if note[:2] == ("end", "long")])

    counts = Counter((what, name) for what, name, _ in project.notes() if what != "tick")
    assert set(counts.values()) == {1}
    assert len(counts) == 202
    assert {process for _, _, process in project.notes()} == {first.pid, second.pid}


def test_a_scheduled_job_runs_once_with_two_workers(project: Project, database: Database) -> None:
    with project.worker(), project.worker():
        wait_until(lambda: database.rows("SELECT count(*) FROM jobs WHERE name = 'samples.tick'") == [(1,)])
        database.execute("UPDATE jobs SET due_at = '2020-01-01 00:00:00' WHERE name = 'samples.tick'")
        wait_until(project.notes)
        time.sleep(1.5)

    assert len(project.notes()) <= 2  # The next minute may have begun.
