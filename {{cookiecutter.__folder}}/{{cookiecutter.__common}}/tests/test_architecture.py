"""The layers, checked by import-linter; see `.importlinter`."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SERVICE = Path("src/{{ cookiecutter.__package }}/users/service.py")


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
    )


def test_the_code_keeps_its_layers() -> None:
    report = lint(ROOT)

    assert report.returncode == 0, report.stdout


def test_every_folder_is_a_package() -> None:
    """import-linter does not see other folders and would not report them."""
    folders = {path.parent for path in (ROOT / "src").glob("*/**/*.py")}

    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_a_service_that_reaches_for_http_and_sql_is_caught(tmp_path: Path) -> None:
    copytree(ROOT / "src", tmp_path / "src")
    copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / SERVICE).open("a") as service:
        service.write("\nimport sqlite3\n\nfrom ..core.problems import MethodNotAllowed\n")

    report = lint(tmp_path)

    assert "Services know no HTTP and no SQL BROKEN" in report.stdout
    assert "Services and repositories do not know the errors of HTTP BROKEN" in report.stdout
