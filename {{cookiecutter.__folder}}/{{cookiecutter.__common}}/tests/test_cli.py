"""The commands that do not serve."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from {{ cookiecutter.__package }} import cli, migrations
from {{ cookiecutter.__package }}.core import settings
from {{ cookiecutter.__package }}.system.contract import contract

from .database import NOWHERE, Database
from .server import COMMAND, SECRETS


def run(*command: str) -> Result:
    return CliRunner().invoke(cli.cli, command, catch_exceptions=False)


def run_process(*command: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *command], env=os.environ | changes, capture_output=True)


def refusal(result: Result) -> str:
    """What is said instead of doing it."""
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.removeprefix("Error: ").removesuffix("\n")


@pytest.fixture
def no_tables(database: Database) -> Iterator[None]:
    run("migrate", "--to", "zero")
    yield
    run("migrate")


class TestOpenapi:
    def test_prints_the_contract(self) -> None:
        assert json.loads(run("openapi").stdout) == contract()

    @pytest.mark.slow
    def test_prints_utf_8_whatever_the_terminal_takes(self) -> None:
        program = (
            "from {{ cookiecutter.__package }} import cli\n"
            "from {{ cookiecutter.__package }}.system import contract\n"
            "contract.contract_as_json = lambda: 'Bücherei Łódź'.encode()\n"
            "cli.cli(['openapi'])"
        )
        environment = os.environ | {"PYTHONIOENCODING": "cp1252"}

        process = subprocess.run([COMMAND[0], "-c", program], env=environment, capture_output=True)

        assert process.stdout == "Bücherei Łódź\n".encode()


class TestMigrate:
    def test_goes_down_and_up(self, database: Database) -> None:
        down = run("migrate", "--to", "zero")
        assert database.tables() == set()
        assert down.stdout.endswith("the database is at zero\n")

        up = run("migrate")
        assert "users" in database.tables()
        assert "users_0001" in up.stdout

    def test_says_what_it_does_not_know(self, database: Database) -> None:
        assert refusal(run("migrate", "--to", "9999_nothing")) == "there is no migration 9999_nothing"

    def test_says_in_a_sentence_that_two_migrations_follow_the_same_one(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def two_heads(_target: str) -> None:
            raise LookupError("There are two heads.")

        monkeypatch.setattr(migrations, "migrate", two_heads)

        assert refusal(run("migrate")) == "There are two heads."


class TestMakeMigration:
    def test_hands_over_the_feature_and_what_is_done(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(migrations, "make", lambda feature, what: [settings.ROOT / feature / what])

        assert run("make-migration", "orders", "add a note").stdout == "orders/add a note\n"

    def test_knows_no_other_feature(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(feature: str, _what: str) -> None:
            raise LookupError(f"there is no feature {feature}")

        monkeypatch.setattr(migrations, "make", unknown)

        assert refusal(run("make-migration", "nothing", "add a note")) == "there is no feature nothing"


class TestSeed:
    def test_makes_people_once(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        database.empty()
        monkeypatch.setenv("SEED_PASSWORD", "of this test alone")

        output = run("seed").output + run("seed").output

        assert sorted(database.rows("SELECT email, role FROM users")) == [
            ("admin@example.com", "admin"),
            ("user@example.com", "user"),
        ]
        assert "of this test alone" not in output

    @pytest.mark.parametrize("chosen", [None, ""])
    def test_prints_the_passwords_that_it_made_up(
        self, database: Database, monkeypatch: pytest.MonkeyPatch, chosen: str | None
    ) -> None:
        database.empty()
        if chosen is not None:
            monkeypatch.setenv("SEED_PASSWORD", chosen)

        first, second, *_more = run("seed").stdout.splitlines()

        assert first.startswith("admin@example.com: ")
        assert second.startswith("user@example.com: ")
        assert len(first.split()[1]) == 16


class TestCreateAdmin:
    def test_makes_one(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        database.empty()
        monkeypatch.setenv("ADMIN_PASSWORD", "of this test alone")

        run("create-admin", "root@example.com")

        assert database.rows("SELECT email, role FROM users") == [("root@example.com", "admin")]
        assert "already an account" in run("create-admin", "root@example.com").stderr

    def test_needs_a_terminal_or_a_variable(self, database: Database) -> None:
        assert "set ADMIN_PASSWORD" in refusal(run("create-admin", "root@example.com"))


class TestToken:
    def test_prints_one_that_works_and_nothing_else(
        self, client: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SEED_PASSWORD", "of this test alone")
        run("seed")

        token = run("token", "admin@example.com").stdout.removesuffix("\n")

        me = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert me["email"] == "admin@example.com"

    def test_needs_an_account(self, database: Database) -> None:
        database.empty()

        assert refusal(run("token", "nobody@example.com")) == "nobody@example.com: has no active account"

    @pytest.mark.slow
    def test_is_not_for_production(self, database: Database) -> None:
        process = run_process(
            "token",
            "alice@example.com",
            ENVIRONMENT="production",
            ALLOWED_HOSTS="localhost",
            MAIL_URL="none:",
            **SECRETS,
        )

        assert (process.returncode, process.stdout) == (1, b"")
        assert process.stderr == b"Error: This command is not for production.\n"


class TestCheck:
    @pytest.fixture
    def tools(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
        """What is run, of which the tool `bad` fails."""
        ran = []

        def pretend(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
            ran.append(" ".join([Path(command[0]).stem, *command[1:]]))
            return subprocess.CompletedProcess(command, returncode=int(ran[-1] == "mypy"))

        monkeypatch.setattr(subprocess, "run", pretend)
        # `uv run --with` has the tools elsewhere.
        monkeypatch.setattr(shutil, "which", lambda tool, **_where: None if tool == "no-such-tool" else tool)
        return ran

    def test_runs_one_after_the_other_and_fails_when_one_does(self, tools: list[str]) -> None:
        result = run("check")

        assert tools == ["ruff format --check", "ruff check", "mypy", "lint-imports", "pytest -m not slow"]
        assert result.stdout.splitlines() == [f"$ {line}" for line in [*tools[:-1], "pytest -m 'not slow'"]]
        assert (result.exit_code, result.stderr) == (1, "Error: failed: mypy\n")

    def test_is_content_when_all_are(self, tools: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "CHECKS", ["ruff check", "pytest"])

        assert run("check", "--all").exit_code == 0
        assert tools == ["ruff check", "pytest"]

    def test_needs_the_tools(self, tools: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "CHECKS", ["no-such-tool"])

        assert "no-such-tool" in refusal(run("check"))


@pytest.mark.parametrize(("command", "variable"), [("seed", "SEED_PASSWORD"), ("create-admin", "ADMIN_PASSWORD")])
@pytest.mark.parametrize("password", ["short", "12345678"])
def test_a_weak_password_is_refused_by_the_name_of_its_variable(
    database: Database, monkeypatch: pytest.MonkeyPatch, command: str, variable: str, password: str
) -> None:
    database.empty()
    monkeypatch.setenv(variable, password)

    sentence = refusal(run(command, *(["root@example.com"] if command == "create-admin" else [])))

    assert sentence.startswith(f"{variable}: ")
    assert password not in sentence
    assert database.rows("SELECT email FROM users") == []


@pytest.mark.parametrize("command", [["seed"], ["create-admin", "root@example.com"], ["token", "root@example.com"]])
def test_accounts_need_their_tables(no_tables: None, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "of this test alone")

    assert "migrate` first" in refusal(run(*command))


@pytest.mark.slow
@pytest.mark.parametrize("command", [["migrate"], ["seed"], ["create-admin", "root@example.com"]])
def test_a_database_that_is_away_is_told_in_a_line(command: list[str]) -> None:
    process = run_process(*command, DATABASE_URL=NOWHERE)

    assert process.returncode == 1
    assert b"the database refuses or does not answer" in process.stderr
    assert b"Traceback" not in process.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["create-admin", "root"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["serve", "--workers", "0"],
        ["serve", "--host", "nowhere.invalid"],
        ["serve", "--host", ""],
        ["serve", "--host", "ü" * 100],
        ["fly"],
    ],
)
def test_nonsense_is_explained(command: list[str]) -> None:
    result = run(*command)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["--help"], ["serve", "--help"], ["migrate", "--help"]])
def test_help_needs_no_settings(command: list[str]) -> None:
    process = run_process(*command, LOG_FORMAT="nonsense")

    assert process.returncode == 0
    assert process.stdout.startswith(b"Usage: ")


@pytest.mark.slow
def test_the_parent_of_the_server_stays_small() -> None:
    program = (
        "import sys\n"
        "from {{ cookiecutter.__package }} import server\n"
        "print({'alembic', 'click', 'django', 'fastapi', 'flask', 'pydantic', 'sqlalchemy'} & set(sys.modules))"
    )

    process = subprocess.run([COMMAND[0], "-c", program], capture_output=True, text=True)

    assert process.stdout == "set()\n"


@pytest.mark.slow
def test_who_has_no_redis_does_not_load_its_client() -> None:
    program = "import sys\nfrom tests.framework import app\nprint('redis' in sys.modules)"

    process = subprocess.run([COMMAND[0], "-c", program], capture_output=True, text=True)

    assert process.stdout == "False\n"


class TestAddress:
    @pytest.fixture
    def served(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
        """Where it would have been served."""
        addresses = []
        monkeypatch.setattr(cli, "become_server", lambda host, port, *_others: addresses.append((host, port)))
        monkeypatch.setattr(cli, "refuse_a_port_in_use", lambda _host, _port: None)
        return addresses

    @pytest.fixture(autouse=True)
    def fresh_settings(self, database: Database) -> Iterator[None]:
        settings.get_settings.cache_clear()
        yield
        settings.get_settings.cache_clear()

    def test_has_the_port_of_the_setting(self, served: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PORT", "7777")

        run("serve")
        run("serve", "--port", "7778")

        assert served == [("127.0.0.1", 7777), ("127.0.0.1", 7778)]

    @pytest.mark.parametrize(
        ("found", "address"),
        [(["fdaa::3"], "fdaa::3"), (["fdaa::3", "192.0.2.7"], "192.0.2.7"), (["192.0.2.7", "192.0.2.8"], "192.0.2.7")],
    )
    def test_has_a_name_of_either_family(
        self, served: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch, found: list[str], address: str
    ) -> None:
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        answer = [(families[":" in each], socket.SOCK_STREAM, 6, "", (each, 0)) for each in found]
        monkeypatch.setattr(cli, "getaddrinfo", lambda *_name, **_options: answer)

        run("serve", "--host", "fly-local-6pn")

        assert served == [(address, 8000)]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("command", ["dev", "serve"])
def test_a_port_in_use_is_refused(command: str, host: str) -> None:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as other:
        port = other.getsockname()[1]

        sentence = refusal(run(command, "--host", host, "--port", str(port)))

    assert sentence == f"{cli.authority(host, port)}: Address already in use; choose another --port"


def test_an_address_of_another_machine_is_refused() -> None:
    assert refusal(run("serve", "--host", "192.0.2.7")).endswith("choose another --host")


@pytest.mark.parametrize("content", [b"SECRET_KEY: canary", b"canary\xff"])
def test_an_env_file_that_can_not_be_read_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / ".env").write_bytes(content)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setenv("ENVIRONMENT", "development")
    settings.get_settings.cache_clear()

    sentence = refusal(run("migrate"))

    settings.get_settings.cache_clear()
    assert sentence.startswith(f"{tmp_path / '.env'}, line 1, is not ")
    assert "canary" not in sentence
