"""The benchmark measures the reads of the contract, and ends with an error above its budget."""

import subprocess
from pathlib import Path

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT

from .bench.report import Point, write
from .server import COMMAND


def point(operation: str, p95: float) -> Point:
    return Point(operation, connections=8, statements=1, cpu=500.0, p50=1.0, p95=p95, p99=2 * p95)


class TestReport:
    def test_says_what_was_measured(self, tmp_path: Path) -> None:
        holds = write(tmp_path, [point("GET /fast", 12.34)], {"SELECT 1 LIMIT 2": ["a step"]})

        report = (tmp_path / "report.md").read_text("utf-8")
        assert holds
        assert "| GET /fast | 8 | 1 | 500 | 2000 | 1.0 | 12.3 | 24.7 |" in report
        assert "SELECT 1 LIMIT 2\n\na step\n" in report
        assert "is met." in report
        assert "GET /fast" in (tmp_path / "report.svg").read_text("utf-8")

    def test_names_what_is_above_the_budget(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        holds = write(tmp_path, [point("GET /fast", 1), point("GET /slow", 1e6)], {})

        assert not holds
        assert "| **1000000.0** |" in (tmp_path / "report.md").read_text("utf-8")
        assert "GET /slow takes 1000000 ms" in capsys.readouterr().out


@pytest.mark.slow
def test_the_command_measures_the_service(tmp_path: Path) -> None:
    command = [*COMMAND, "bench", "--seconds", "0.3", "--output", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)

    assert "report.md" in result.stdout, result.stdout
    report = (tmp_path / "report.md").read_text("utf-8")
    assert report.count("| GET /api/v1/users |") == 3
    assert "| PATCH /api/v1/users/me |" in report
    assert "FROM users" in report or 'FROM "users"' in report
    assert result.returncode == (0 if "is met." in report else 1)
