"""Fixtures for workers as processes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ..database import Database
from .processes import Project


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
    from {{ cookiecutter.__package }}.jobs.transactions import jobs_in_transaction

    monkeypatch.setitem(registered_jobs(), "samples.work", RegisteredJob("samples.work", print, None))

    def enqueue(name: str, seconds: float) -> None:
        with jobs_in_transaction() as jobs:
            jobs.enqueue("samples.work", name=name, seconds=seconds)

    return enqueue
