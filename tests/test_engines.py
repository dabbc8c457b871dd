"""Two engines, one project."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
import yaml

from tests.engines import (
    COMBINATIONS,
    FULL,
    HOSTILE,
    LONGEST,
    SHORTEST,
    TRIED,
    Answers,
    differences,
    every_combination,
    every_combination_tried,
    every_full_combination,
    name_of,
    tree,
    with_cookiecutter,
    with_copier,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
PARSERS: dict[str, Callable[[str], object]] = {
    ".json": json.loads,
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".yaml": yaml.safe_load,
    ".yml": yaml.safe_load,
}


def test_every_pair_of_answers_is_tried() -> None:
    pairs = {pair for answers in COMBINATIONS for pair in permutations(answers.items(), 2)}

    assert pairs == {pair for answers in TRIED for pair in permutations(answers.items(), 2)}


class TestTheSameBytes:
    """Names, bytes and modes; the answers file is one of the files."""

    @every_combination
    def test_from_both_engines(self, answers: Answers, template: Path, tmp_path: Path) -> None:
        ours = with_cookiecutter(template, tmp_path / "cookiecutter", answers)
        theirs = with_copier(template, tmp_path / "copier", answers)

        assert differences(ours, theirs) == []

    @every_full_combination
    @pytest.mark.parametrize(
        "texts",
        [{"project_slug": SHORTEST}, HOSTILE | {"project_slug": LONGEST}],
        ids=["shortest", "longest-hostile"],
    )
    def test_whatever_the_texts(self, answers: Answers, texts: Answers, template: Path, tmp_path: Path) -> None:
        ours = with_cookiecutter(template, tmp_path / "cookiecutter", {**answers, **texts})
        theirs = with_copier(template, tmp_path / "copier", {**answers, **texts})

        assert differences(ours, theirs) == []


class TestHostileText:
    @every_full_combination
    def test_leaves_every_file_readable(self, answers: Answers, template: Path, tmp_path: Path) -> None:
        project = with_cookiecutter(template, tmp_path, {**answers, **HOSTILE})

        for path in project.rglob("*"):
            if parse := PARSERS.get(path.suffix):
                parse(path.read_text("utf-8"))

    def test_arrives_unchanged(self, template: Path, tmp_path: Path) -> None:
        project = with_cookiecutter(template, tmp_path, HOSTILE)

        metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
        answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
        assert metadata["description"] == HOSTILE["description"]
        assert answers.items() >= HOSTILE.items()


@pytest.mark.parametrize("slug", [SHORTEST, LONGEST])
@pytest.mark.parametrize("answers", FULL[::2], ids=name_of)
def test_ruff_finds_nothing_to_change(answers: Answers, slug: str, template: Path, tmp_path: Path) -> None:
    """A quick look at one project of each framework; test_generated.py has all checks of all projects."""
    project = with_cookiecutter(template, tmp_path, {**answers, "project_slug": slug})

    for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        result = subprocess.run([sys.executable, "-m", "ruff", *check], cwd=project, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout


class TestTheTree:
    @every_combination_tried
    def test_is_the_snapshot(
        self, answers: Answers, template: Path, tmp_path: Path, pytestconfig: pytest.Config
    ) -> None:
        snapshot = SNAPSHOTS / f"{name_of(answers)}.txt"

        files = tree(with_cookiecutter(template, tmp_path, answers))
        text = "".join(f"{path}{'*' * bool(mode & 0o100)}\n" for path, (_, mode) in sorted(files.items()))

        if pytestconfig.getoption("--update-snapshots"):
            snapshot.write_text(text, "utf-8")
        assert snapshot.read_text("utf-8") == text, "Is this change meant? Then: uv run pytest --update-snapshots"
