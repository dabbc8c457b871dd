"""The layers, held by import-linter (see `.importlinter`), and what one feature may use of another."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import grimp
import pytest

from {{ cookiecutter.__package }}.features import FEATURES, check_folders

ROOT = Path(__file__).parents[1]
PACKAGE = "{{ cookiecutter.__package }}"
USERS = Path("src", PACKAGE, "users")

# What a module of a feature may import from other features. Those that are not here: SERVICES.
SERVICES = {"models", "schemas", "service"}
MAY_IMPORT = {
    "models": {"models"},
    "repository": {"models"},
    "schemas": {"schemas"},
    "transactions": SERVICES | {"repository", "settings", "transactions"},
    "jobs": SERVICES | {"registry", "transactions"},
    "handlers": SERVICES | {"registry", "transactions"},
    "commands": SERVICES | {"transactions"},
    "registry": SERVICES | {"registry"},
    "dependencies": SERVICES | {"dependencies", "repository", "transactions"},
    "routes": SERVICES | {"dependencies"},
    "api": SERVICES | {"dependencies"},
}


def forbidden_imports() -> Iterator[str]:
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    for feature in FEATURES:
        for importer in sorted(graph.find_descendants(f"{PACKAGE}.{feature}")):
            module = importer.split(".")[2]
            allowed = MAY_IMPORT.get(module, SERVICES)
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                other, name = [*imported.split("."), "", ""][1:3]
                if other in FEATURES and other != feature and name not in allowed:
                    yield (
                        f"{feature}/{module}.py imports {imported.partition('.')[2]}: of another feature, it may import"
                        f" only {', '.join(sorted(allowed))}"
                    )


def folders_without_init(root: Path) -> Iterator[str]:
    for folder in sorted({path.parent for part in ("src", "tests") for path in (root / part).rglob("*.py")}):
        if not (folder / "__init__.py").exists():
            yield f"{folder.relative_to(root)} has no __init__.py: without one, mypy and lint-imports do not see it"


def run(project: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(project / "src"), str(project)])}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    return run(project, Path(sys.executable).parent / "lint-imports", "--no-cache")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this one to break."""
    for part in ("src", "tests"):
        copytree(ROOT / part, tmp_path / part, ignore=ignore_patterns("__pycache__"))
    copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def add(path: Path, line: str) -> None:
    with path.open("a") as module:
        module.write(f"\n{line}\n")


class TestLayers:
    def test_the_code_keeps_them(self) -> None:
        report = lint(ROOT)

        assert report.returncode == 0, report.stdout

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("module", "line", "rule"),
        [
            ("users/service.py", "import sqlite3", "Services know no HTTP and no SQL"),
            ("users/{{ cookiecutter.__routes }}.py", "from . import repository", "Routes know no SQL and no repository"),
            (
                "users/service.py",
                "from ..core.problems import MethodNotAllowed",
                "Services and repositories do not know the errors of HTTP",
            ),
            (
                "users/repository.py",
                "from . import service",
                "A feature reads downwards: routes, services, repository, models",
            ),
            ("core/http.py", "from ..users import models", "The core knows no feature and no pipeline"),
            ("pipeline/bodies.py", "from ..users import models", "The pipeline knows no feature"),
        ],
    )
    def test_an_import_that_breaks_one_is_caught(self, project: Path, module: str, line: str, rule: str) -> None:
        add(project / "src" / PACKAGE / module, line)

        assert f"{rule} BROKEN" in lint(project).stdout


class TestFeatures:
    def test_use_only_what_others_offer(self) -> None:
        assert list(forbidden_imports()) == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("module", "line"),
        [
            ("models", "from ..auth import service"),
            ("repository", "from ..auth import schemas"),
            ("schemas", "from ..auth import models"),
            ("service", "from ..auth import repository"),
            ("service", "from ..auth import dependencies"),
            ("service", "from ..auth import credentials"),
            ("dependencies", "from ..auth import tokens"),
            ("seeds", "from ..auth import seeds"),
        ],
    )
    def test_an_import_of_anything_else_is_a_sentence(self, project: Path, module: str, line: str) -> None:
        add(project / USERS / f"{module}.py", line)

        program = "from tests.test_architecture import forbidden_imports; print(*forbidden_imports())"
        [sentence] = run(project, sys.executable, "-c", program).stdout.splitlines()

        _, other, _, name = line.split()
        assert sentence.startswith(f"users/{module}.py imports {other.strip('.')}.{name}: of another feature, it may")

    def test_have_an_init_in_every_folder(self) -> None:
        assert list(folders_without_init(ROOT)) == []

    @pytest.mark.parametrize("folder", [USERS, Path("tests/users")])
    def test_a_folder_without_one_is_a_sentence(self, project: Path, folder: Path) -> None:
        (project / folder / "__init__.py").unlink()

        [sentence] = folders_without_init(project)

        assert sentence.startswith(f"{folder} has no __init__.py")


class TestTheListOfFeatures:
    def test_a_name_without_a_folder_ends_the_start(self, project: Path) -> None:
        with pytest.raises(LookupError, match=r"features\.py names ghosts, but there is no ghosts/"):
            check_folders(project / "src" / PACKAGE, [*FEATURES, "ghosts"])

    def test_a_folder_without_a_name_does_so_too(self, project: Path) -> None:
        ghosts = project / "src" / PACKAGE / "ghosts"
        ghosts.mkdir()
        (ghosts / "openapi.yaml").touch()

        start = run(project, sys.executable, "-m", PACKAGE, "openapi")

        assert start.stderr == (
            "Error: ghosts/ is a feature that features.py does not name: add the name, or remove the folder.\n"
        )
