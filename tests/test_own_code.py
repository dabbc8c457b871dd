"""The template's own Python, as its README's commands check it."""

import subprocess
import sys

import pytest

from tools.sync import ROOT


@pytest.mark.parametrize("check", ["ruff format --check", "ruff check", "mypy"])
def test_passes(check: str) -> None:
    result = subprocess.run([sys.executable, "-m", *check.split()], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout
