"""A database of the tests' own, the application on top of it, and the people who use it."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx2
import pytest

from {{ cookiecutter.__package }}.core.settings import Settings, get_settings

from .contract import check_response
from .database import Database

# Before anything reads the settings: what a developer's shell has set means nothing here.
for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)
os.environ |= {"ENVIRONMENT": "test", "LOG_FORMAT": "json", "RATE_LIMIT": "1000000/minute"}

type SignIn = Callable[[str], httpx2.Client]

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database.create(tmp_path_factory.mktemp("database"))
    os.environ["DATABASE_URL"] = database.url
    get_settings.cache_clear()  # A test may have asked for them before.

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
def sign_in(client: httpx2.Client, open_client: Callable[[], httpx2.Client]) -> Iterator[SignIn]:
    """Signs somebody in, and up before if need be: `sign_in("alice")`, as often as there are devices."""
    with ExitStack() as clients:

        def sign_in(name: str) -> httpx2.Client:
            credentials = {"email": f"{name}@example.com", "password": PASSWORD}
            client.post("/api/v1/auth/signup", json=credentials | {"name": name.title()})
            tokens = client.post("/api/v1/auth/login", json=credentials).raise_for_status().json()
            person = clients.enter_context(open_client())
            person.event_hooks = client.event_hooks
            person.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            return person

        yield sign_in


@pytest.fixture
def alice(sign_in: SignIn) -> httpx2.Client:
    return sign_in("alice")


@pytest.fixture
def bob(sign_in: SignIn) -> httpx2.Client:
    return sign_in("bob")


@pytest.fixture
def admin(sign_in: SignIn, database: Database) -> httpx2.Client:
    admin = sign_in("admin")
    database.execute("UPDATE users SET role = 'admin' WHERE email = 'admin@example.com'")
    return admin
