"""The benchmark measures the reads of the contract, and ends with an error above its budget."""

import subprocess
from pathlib import Path

import pytest

from {{ cookiecutter.__package }}.core.settings import ROOT

from .bench import report
from .bench.report import Point, Report, Statement, read_budget
from .server import COMMAND


def point(operation: str, p95: float) -> Point:
    return Point(operation, connections=8, rate=100.0, cpu=500.0, p50=1.0, p95=p95, p99=2 * p95)


class TestReport:
    def test_says_what_was_measured(self, tmp_path: Path) -> None:
        statements = {"GET /fast": [Statement("SELECT 1", []), Statement("SELECT 1 LIMIT 2", ["a step"])]}
        holds = Report(200, 1.0, [point("GET /fast", 12.34)], statements, rows={"users": 7}).write(tmp_path)

        text = (tmp_path / "report.md").read_text("utf-8")
        assert holds
        assert "| GET /fast | 8 | 100 | 500 | 2000 | 1.0 | 12.3 | 24.7 |" in text
        assert "### GET /fast\n\n```text\nSELECT 1\n```\n\n```text\nSELECT 1 LIMIT 2\n\na step\n```\n" in text
        assert "Rows: users 7." in text
        assert "is met." in text
        assert "GET /fast" in (tmp_path / "report.svg").read_text("utf-8")

    def test_names_what_is_above_the_budget(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        holds = Report(200, 1.0, [point("GET /fast", 1), point("GET /slow", 1e6)]).write(tmp_path)

        assert not holds
        assert "| **1000000.0** |" in (tmp_path / "report.md").read_text("utf-8")
        assert "GET /slow takes 1000000 ms" in capsys.readouterr().out

    @pytest.mark.parametrize("value", ['"200"', "0", "-1"])
    def test_needs_a_budget(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        (tmp_path / "pyproject.toml").write_text(f"[tool.bench]\np95_milliseconds = {value}", "utf-8")
        monkeypatch.setattr(report, "ROOT", tmp_path)

        with pytest.raises(ValueError, match="p95_milliseconds"):
            read_budget()


@pytest.mark.slow
def test_the_command_measures_the_service(tmp_path: Path) -> None:
    command = [*COMMAND, "bench", "--seconds", "0.3", "--output", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)

    assert "report.md" in result.stdout, result.stdout
    text = (tmp_path / "report.md").read_text("utf-8")
    assert text.count("| GET /api/v1/users |") == 3
    assert "| PATCH /api/v1/users/me |" in text
    assert "FROM users" in text or 'FROM "users"' in text
    assert result.returncode == (0 if "is met." in text else 1)
