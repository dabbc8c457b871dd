"""Each combination passes its own checks and starts, with the shortest names and with the longest and worst."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import randrange
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.engines import HOSTILE, LONGEST, SHORTEST, TRIED, Answers, name_of, reserved, with_cookiecutter

NAMES = {"shortest": {"project_slug": SHORTEST}, "longest": HOSTILE | {"project_slug": LONGEST}}

# A name can break what is imported, formatted or typed. The slow tests do not depend on it, so they run with the worst
# one, where every test also has to hold in any order and beside the others. The daily tests run as an owner runs them.
SEED = randrange(10_000)
TESTS = {
    "shortest": ["pytest", "-m", "not slow"],
    "longest": [
        *("--with", "pytest-randomly", "--with", "pytest-xdist"),
        *("pytest", "--numprocesses=2", f"--randomly-seed={SEED}"),
    ],
}

UV = os.environ.get("UV", "uv")  # the one that runs these tests

# Neither this environment nor this test run is the project's; a database that somebody has set is nobody's to test on.
# Without compiled modules, each of the servers that a project's tests start would compile all that it imports.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTEST_", "UV_PROJECT"))
    and name not in {"VIRTUAL_ENV", "DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"}
}


def tried() -> Iterator[tuple[Answers, str]]:
    """Every framework with every database twice, once with each name, so that each answer is tried with both suites."""
    for number, answers in enumerate(TRIED):
        yield answers, list(NAMES)[(number + number // 2 + number // 4) % 2]


pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(
        "project",
        [
            pytest.param({**answers, **NAMES[length]}, id=id_, marks=pytest.mark.xdist_group(id_))
            for answers, length in tried()
            for id_ in [f"{name_of(answers)}-{length}"]
        ],
        indirect=True,
        scope="module",
    ),
]


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest, template: Path) -> Iterator[Path]:
    with installed(template, request.param) as project:
        yield project


@contextmanager
def installed(template: Path, answers: Answers) -> Iterator[Path]:
    """A project with everything installed that it needs.

    Not in pytest's own folder: each run of pytest closes that to other users, and for root PostgreSQL runs as one.
    """
    with TemporaryDirectory(prefix="layercake-", ignore_cleanup_errors=True) as folder:
        project = with_cookiecutter(template, Path(folder), answers)
        for path in project.rglob("*.py"):
            path.touch()  # mypy reads a file again only if its path, its size or the second of its time is another.
        uv(project, "sync", "--quiet")
        yield project


def uv(project: Path, *arguments: str) -> str:
    environment = ENVIRONMENT | {"MYPY_CACHE_DIR": mypy_cache(project)}
    result = subprocess.run(
        [UV, *arguments], cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert result.returncode == 0, f"$ uv {shlex.join(arguments)}\n{result.stdout}"
    return result.stdout


def mypy_cache(project: Path) -> str:
    """Shared, because most of what mypy reads is in libraries. With Django's plugin, it reads them in another way."""
    is_django = (project / "manage.py").exists()
    return str(Path(mypy_caches().name) / ("django" if is_django else "others"))


@cache
def mypy_caches() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="layercake-mypy-")


@pytest.mark.parametrize("check", ["ruff format --check", "ruff check", "mypy", "lint-imports"])
def test_passes(project: Path, check: str) -> None:
    uv(project, "run", *check.split())


def test_passes_its_tests(project: Path) -> None:
    [length] = [length for length, names in NAMES.items() if names["project_slug"] == project.name]
    uv(project, "run", *TESTS[length])


def test_starts(project: Path) -> None:
    """Migrated and ready, from the one command that the README names; its lines for curl work as printed. A worker
    runs, too: it prints the mail of the sign-up.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [UV, "run", project.name, "dev", "--port", str(port)]
    printed = project.parent / "printed"
    with (
        printed.open("wb") as output,
        subprocess.Popen(command, cwd=project, env=ENVIRONMENT, stdout=output, start_new_session=True) as server,
    ):
        try:
            assert json.loads(answer(f"http://127.0.0.1:{port}/readyz", server))["status"] == "ready"
            assert [said.get("name") for said in conversation(project, port)] == ["Alice", "Alice", "Alice Liddell"]
            assert [order.get("status") for order in walk_through_the_shop(project, port)][-1:] in ([], ["fulfilled"])
            wait_for(printed, "Mail to alice@example.com: Confirm your email address")
        finally:
            os.killpg(server.pid, signal.SIGINT)


def wait_for(printed: Path, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in printed.read_text("utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def answer(url: str, server: subprocess.Popen[bytes]) -> bytes:
    """The first answer of a server that is starting."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5) as response:
                content: bytes = response.read()
                return content
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("The server does not answer.")


def conversation(project: Path, port: int) -> list[dict[str, str]]:
    """What the service says to the README's lines, from sign-up to sign-out."""
    readme = (project / "README.md").read_text("utf-8").partition("\n## Run it")[2].partition("\n## ")[0]
    lines = re.findall("^(?:curl|token=).*", readme.replace("localhost:8000", f"127.0.0.1:{port}"), re.MULTILINE)
    assert len(lines) == 5
    said = subprocess.run(["bash", "-euc", "; echo; ".join(lines)], stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in said.splitlines() if line]


def walk_through_the_shop(project: Path, port: int) -> list[dict[str, str]]:
    """What the service says to the README's lines, from an empty cart to a fulfilled order. Nothing without a shop."""
    section = (project / "README.md").read_text("utf-8").partition("## The shop\n")[2].partition("\n## ")[0]
    lines = section.partition("```sh\n")[2].partition("```")[0].replace("localhost:8000", f"127.0.0.1:{port}")
    script = "; echo; ".join(lines.splitlines())
    environment = ENVIRONMENT | {"PORT": str(port)}
    said = subprocess.run(
        ["bash", "-euc", script], cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ).stdout
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def test_takes_the_jobs_that_the_readme_prints(project: Path) -> None:
    section = (project / "README.md").read_text("utf-8").partition("## Background work\n")[2].partition("\n## ")[0]
    printed = {project / path: code for path, code in re.findall(r"```python\n# (\S+)\n(.*?)```", section, re.DOTALL)}
    package = project.name.replace("-", "_")
    program = (
        f"from {package}.setup import setup; setup(); from {package}.jobs.registry import registered_jobs;"
        " print(*sorted(name for name in registered_jobs() if name.startswith('users.')))"
    )
    try:
        for path, code in printed.items():
            path.write_text(code, "utf-8")
        uv(project, "run", "ruff", "check", *map(str, printed))
        uv(project, "run", "ruff", "format", "--check", *map(str, printed))
        names = uv(project, "run", "python", "-c", program).splitlines()[-1]
    finally:
        for path in printed:
            path.unlink()
    assert names == "users.export_profile users.greet users.welcome"


def test_has_a_name_that_nothing_installed_has(project: Path) -> None:
    """Whatever a project installs, no project can be called so."""
    listing = "import importlib.metadata as m; print(*m.packages_distributions(), *(d.name for d in m.distributions()))"

    installed = {re.sub("[-.]", "_", name).lower() for name in uv(project, "run", "python", "-c", listing).split()}

    own = {project.name, project.name.replace("-", "_")}
    names = {name for name in installed - own if re.fullmatch("[a-z][a-z0-9_]{,29}", name)}
    assert names <= set(reserved())
