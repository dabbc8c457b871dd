"""Each feature has its own line of migrations, from its first one until the feature is gone again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy, copytree, rmtree

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT

from .database import Database
from .example_feature import MODELS
from .server import COMMAND

pytestmark = pytest.mark.slow

MAKE = """
import sys
from {{ cookiecutter.__package }}.migrations import make
from {{ cookiecutter.__package }}.setup import setup

setup()
print(*make(*sys.argv[1:]), sep="\\n")
"""

READINESS = """
from {{ cookiecutter.__package }}.system.service import NotReady
from {{ cookiecutter.__package }}.setup import setup
from {{ cookiecutter.__package }}.system.service import readiness

setup()
try:
    print(readiness().status)
except NotReady as error:
    print(error.detail)
"""


class Project:
    """A copy of this one with another feature, samples, and a database of its own."""

    def __init__(self, root: Path, database: Database) -> None:
        self.root = root
        self.database = database
        self.package = root / "src/{{ cookiecutter.__package }}"
        copytree(ROOT / "src", root / "src")
        if (ROOT / "migrations").exists():
            copytree(ROOT / "migrations", root / "migrations")
        copy(ROOT / "pyproject.toml", root)
        (self.package / "samples").mkdir()
        (self.package / "samples/__init__.py").touch()
        self.write_models(MODELS)
        self.list_features("\n]", '\n    "samples",\n]')

    def write_models(self, models: str) -> None:
        (self.package / "samples/models.py").write_text(models)

    def list_features(self, old: str, new: str) -> None:
        features = self.package / "features.py"
        assert old in features.read_text()
        features.write_text(features.read_text().replace(old, new))

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": str(self.root / "src"),
            "DATABASE_URL": self.database.url,
            # Python takes bytecode for current when the source has the same length and second.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True)

    def make(self, feature: str, what: str) -> Path:
        """Returns the only file that was written."""
        result = self.run("-c", MAKE, feature, what)
        assert result.returncode == 0, result.stderr
        assert result.stderr == ""
        [path] = result.stdout.splitlines()
        return Path(path)

    def make_fails(self, feature: str, what: str) -> str:
        """Returns the last line of the traceback."""
        return self.run("-c", MAKE, feature, what).stderr.splitlines()[-1]

    def migrate(self, *arguments: str) -> str:
        result = self.run(*COMMAND[1:], "migrate", *arguments)
        said = result.stdout or result.stderr
        return said.strip().removeprefix("Error: ").removeprefix("{{ cookiecutter.project_slug }}: ")

    def readiness(self) -> str:
        return self.run("-c", READINESS).stdout.strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    # The name of a PostgreSQL database for tests ends with this: another name than for the other tests.
    monkeypatch.setenv("PYTEST_XDIST_WORKER", f"{os.environ.get('PYTEST_XDIST_WORKER', '')}_features")
    database = Database.create(tmp_path)
    yield Project(tmp_path / "project", database)
    database.drop()


def test_the_first_migration_of_a_feature_is_written_clean(project: Project) -> None:
    path = project.make("samples", 'Samples of "users"')

    assert path == project.package / "samples/migrations/0001_samples_of_users.py"
    assert sorted(file.name for file in path.parent.glob("*.py")) == [path.name, "__init__.py"]
    for check in ("ruff format --check", "ruff check", "mypy"):
        result = project.run("-m", *check.split(), path.parent)
        assert result.returncode == 0, result.stdout


def test_a_line_goes_up_and_down_with_what_depends_on_it(project: Project) -> None:
    project.make("samples", "samples of users")
    assert project.readiness() == "A migration is missing or two compete."

    project.migrate()
    assert project.readiness() == "ready"
    assert "samples" in project.database.tables()

    project.migrate("--to", "samples:zero")
    assert "samples" not in project.database.tables()
    assert "users" in project.database.tables()

    project.migrate("--to", "zero")
    project.migrate("--to", "samples_0001")
    assert {"samples", "users"} <= project.database.tables()

    project.migrate("--to", "users:zero")
    assert project.database.tables().isdisjoint({"samples", "users"})


def test_two_that_compete_are_named_and_joined(project: Project) -> None:
    project.make("samples", "samples of users")
    project.write_models(MODELS.replace("1000", "2000"))
    longer = project.make("samples", "longer texts")
    rival = longer.with_name("0002_rival.py")
    rival.write_text(longer.read_text().replace("0002_longer_texts", "0002_rival"))

    sentence = project.migrate()
    assert sentence == (
        "samples_0002_longer_texts and samples_0002_rival compete: each follows samples_0001_samples_of_users. "
        'Join them: uv run {{ cookiecutter.project_slug }} make-migration samples "join"'
    )
    assert project.readiness() == "A migration is missing or two compete."

    join = project.make("samples", "join")
    assert join.name == "0003_join.py"
    assert project.run("-m", "ruff", "check", join).returncode == 0
    assert project.run("-m", "ruff", "format", "--check", join).returncode == 0
    assert "samples_0003" in project.migrate()
    assert project.readiness() == "ready"
    assert project.migrate("--to", "samples_0002").startswith("samples_0002 may be ")
    assert "samples_0002" in project.migrate("--to", "samples_0002_rival")
    assert "samples_0001" in project.migrate("--to", "samples_0001")


def test_a_feature_can_be_removed(project: Project) -> None:
    project.make("samples", "samples of users")
    project.migrate()

    project.migrate("--to", "samples:zero")
    rmtree(project.package / "samples")
    project.list_features('    "samples",\n', "")

    assert "users_" in project.migrate()
    assert project.readiness() == "ready"


def test_what_can_not_be_written_is_refused(project: Project) -> None:
    assert "there is no feature nothing" in project.make_fails("nothing", "something")
    assert "the tables of users are what its models say" in project.make_fails("users", "nothing new")
    assert "say in a few words" in project.make_fails("samples", "!")
    assert not (project.package / "samples/migrations").exists()
