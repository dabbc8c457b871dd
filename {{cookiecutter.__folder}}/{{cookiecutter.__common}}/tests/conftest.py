"""Fixtures: a database for the tests, the application, and clients of its users."""

import io
import logging
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from {{ cookiecutter.__package }}.core.settings import EnvironmentSettings, get_settings
from {{ cookiecutter.__package }}.features import feature_modules

from .asgi import AsgiTransport
from .codes import DocumentedCodes
from .contract import check_response
from .database import NOWHERE, Database

# Before anything reads the settings: the tests ignore those of a developer's shell.
list(feature_modules("settings"))
for kind in EnvironmentSettings.__subclasses__():
    for name in kind.model_fields:
        os.environ.pop(name.upper(), None)
os.environ |= {"ENVIRONMENT": "test", "LOG_FORMAT": "json", "RATE_LIMIT": "1000000/minute"}
os.environ["DATABASE_URL"] = NOWHERE  # Until the fixture has one: a test that forgets the fixture fails.

type SignIn = Callable[[str], httpx2.Client]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(DocumentedCodes(Path(__file__).parent))
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # The service logs its requests already.


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """To collect test_properties.py takes ten seconds: schemathesis prepares its requests. All its tests are slow."""
    is_it = collection_path == Path(__file__).with_name("test_properties.py")
    return (is_it and config.option.markexpr == "not slow") or None  # None leaves it to pytest.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the log of a failed test once: as the service wrote it, and not again as pytest caught it."""
    report = yield
    report.sections = [(title, text) for title, text in report.sections if not title.startswith("Captured log")]
    return report


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is slow on purpose. tests/auth/test_passwords.py tests it as it is, the others need not wait for it."""
    cheap = PasswordHash((Argon2Hasher(memory_cost=16, time_cost=1, parallelism=1),))
    monkeypatch.setattr("{{ cookiecutter.__package }}.auth.passwords._hasher", cheap)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with open_database(tmp_path_factory.mktemp("database")) as database:
        yield database


@contextmanager
def open_database(folder: Path) -> Iterator[Database]:
    """The database of the tests, with its tables."""
    database = Database.create(folder)
    os.environ["DATABASE_URL"] = database.url
    get_settings.cache_clear()  # A test may have asked for them before.

    from {{ cookiecutter.__package }}.migrations import migrate
    from {{ cookiecutter.__package }}.setup import setup

    setup()
    try:
        migrate()
    except LookupError as error:  # Two migrations compete: no test can run.
        pytest.exit(str(error), returncode=1)
    yield database
    database.drop()


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """An event loop in a thread, in which the application runs."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def open_client(database: Database, portal: BlockingPortal) -> Callable[[], httpx2.Client]:
    """Opens an anonymous client. Every response is compared with the contract."""
    from .framework import app

    def open_client() -> httpx2.Client:
        return httpx2.Client(
            transport=AsgiTransport(app, portal),
            base_url="http://testserver",
            event_hooks={"response": [check_response]},
        )

    return open_client


@pytest.fixture
def client(open_client: Callable[[], httpx2.Client], database: Database) -> Iterator[httpx2.Client]:
    database.empty()
    with open_client() as client:
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
    """Signs a user in: `sign_in("alice")`, once for each device. The first call creates the account."""
    from .accounts import Account

    accounts: dict[str, Account] = {}
    with ExitStack() as clients:

        def sign_in(name: str) -> httpx2.Client:
            if name not in accounts:
                accounts[name] = Account(name)
            user = clients.enter_context(open_client())
            user.headers.update(accounts[name].sign_in())
            return user

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
