"""PostgreSQL stops while a worker runs, and comes back."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ..database import Database
from ..test_database_away import Line
from .processes import Project, wait_until

pytestmark = pytest.mark.slow


def test_the_worker_goes_on_and_nothing_is_lost(
    database: Database, tmp_path: Path, enqueue: Callable[[str, float], None]
) -> None:
    database.empty()
    line = Line(database.url)
    project = Project(tmp_path, line.url)
    project.write()

    with project.worker() as worker:
        enqueue("meanwhile", 1)
        wait_until(project.notes)
        line.stop()
        enqueue("later", 0)
        time.sleep(3)
        assert ("end", "meanwhile", worker.pid) in project.notes()
        assert "later" not in str(project.notes())

        line.start()

        wait_until(lambda: ("end", "later", worker.pid) in project.notes())
        # That it was done could not be written down, so it is done again when its lease has ended.
        wait_until(lambda: project.notes().count(("end", "meanwhile", worker.pid)) == 2)
        wait_until(lambda: database.rows("SELECT count(*) FROM jobs WHERE name = 'samples.work'") == [(0,)])
    line.stop()
