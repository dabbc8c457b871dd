"""Fixtures: a receiver, and a webhook of it."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.webhooks.settings import get_settings

from .receiver import Receiver, receiving, status

type Json = dict[str, Any]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        receiver.will(status(204))
        yield receiver


@pytest.fixture
def private_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers of the tests listen on this machine."""
    settings = get_settings().model_copy(update={"webhook_allow_private": True})
    monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.jobs.get_settings", lambda: settings)
    monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.registration.resolve", lambda *_, **__: [])


@pytest.fixture
def webhook(admin: httpx2.Client, receiver: Receiver, private_is_allowed: None) -> Json:
    """As it was answered, with its secret."""
    return add_webhook(admin, receiver.url)


def add_webhook(admin: httpx2.Client, url: str, **fields: object) -> Json:
    response = admin.post("/api/v1/webhooks", json={"url": url, **fields})
    assert response.status_code == 201, response.text
    added: Json = response.json()
    return added
