"""Numbering events, beside a request that reads."""

import httpx2

from {{ cookiecutter.__package }}.core.database import open_session
from {{ cookiecutter.__package }}.events.repository import EventRepository
from {{ cookiecutter.__package }}.events.transactions import number_new_events

from ..accounts import Account


def test_nobody_waits_for_a_connection_who_holds_one(client: httpx2.Client) -> None:
    """Otherwise as many requests as there are connections would wait for each other."""
    Account("alice")
    with open_session(read_only=True) as session:
        assert EventRepository(session).has_new_events()
        number_new_events(session)
        assert not session.in_transaction()
        assert not EventRepository(session).has_new_events()
