"""Workers as processes, which run the jobs of a copy of this project."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree

from {{ cookiecutter.__package }}.core.settings import ROOT

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
        command = [sys.executable, "-m", "{{ cookiecutter.__package }}", "worker", "--threads", "2"]
        with subprocess.Popen(command, cwd=self.root, env=environment) as process:
            try:
                yield process
            finally:
                process.kill()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
