"""A database of the tests' own, the application on top of it, and the people who use it."""

import io
import logging
import os
from collections.abc import Callable, Iterator

import httpx2
import pytest

from {{ cookiecutter.__package }}.core.settings import Settings

from .contract import check_response
from .database import Database

# Before anything reads the settings: what a developer's shell has set means nothing here,
# but for the server on which the tests may make a database.
SERVER = os.environ.get("DATABASE_URL")
for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)
os.environ |= {"ENVIRONMENT": "test", "LOG_FORMAT": "json"}

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database.create(SERVER, tmp_path_factory.mktemp("database"))
    os.environ["DATABASE_URL"] = database.url

    from {{ cookiecutter.__package }}.core.migrations import migrate

    migrate()
    yield database
    database.drop()


@pytest.fixture(scope="session")
def open_client(database: Database) -> Callable[[], httpx2.Client]:
    from .framework import open_client

    return open_client


@pytest.fixture
def client(open_client: Callable[[], httpx2.Client], database: Database) -> Iterator[httpx2.Client]:
    """Nobody in particular. Every answer is held against the contract."""
    database.empty()
    with open_client() as client:
        client.event_hooks = {"response": [check_response]}
        yield client


@pytest.fixture
def log(client: httpx2.Client) -> Iterator[io.StringIO]:
    """What the service writes to its log."""
    [handler] = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    stderr = handler.setStream(stream := io.StringIO())
    yield stream
    handler.setStream(stderr)


@pytest.fixture
def alice(client: httpx2.Client, open_client: Callable[[], httpx2.Client]) -> Iterator[httpx2.Client]:
    """Alice, signed in."""
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    client.post("/api/v1/auth/signup", json=credentials | {"name": "Alice"}).raise_for_status()
    tokens = client.post("/api/v1/auth/login", json=credentials).raise_for_status().json()
    with open_client() as alice:
        alice.event_hooks = client.event_hooks
        alice.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        yield alice
