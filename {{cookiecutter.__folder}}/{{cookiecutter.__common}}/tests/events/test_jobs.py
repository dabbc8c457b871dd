"""What the worker does for events."""

import httpx2
import pytest

from {{ cookiecutter.__package }}.events import repository
from {{ cookiecutter.__package }}.events.jobs import number_new_events, remove_old_events

from ..accounts import Account
from ..database import Database


def test_old_events_are_removed(client: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "SWEPT", 1)
    for name in ("alice", "bob", "carol"):
        Account(name)
    ids = [str(id_).replace("-", "") for (id_,) in database.rows("SELECT id FROM events ORDER BY id")]
    for id_ in ids[:2]:
        old = f"0190{id_[4:]}"  # June 2024
        database.execute(f"UPDATE events SET id = '{old}' WHERE id = '{id_}'")

    remove_old_events()

    assert [str(id_).replace("-", "") for (id_,) in database.rows("SELECT id FROM events")] == ids[2:]


def test_events_are_numbered_also_when_nobody_lists_them(client: httpx2.Client, database: Database) -> None:
    for name in ("alice", "bob"):
        Account(name)
    number_new_events()

    assert database.rows("SELECT number FROM events ORDER BY id") == [(1,), (2,)]
