"""The two engines, each behind the same call, and the template as they get it: a repository with a tagged release."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import copier
import pytest
from cookiecutter.generate import generate_context
from cookiecutter.main import cookiecutter
from cookiecutter.prompt import prompt_for_config

from tools.sync import ROOT

type Answers = Mapping[str, Any]
type Tree = dict[str, tuple[bytes, int]]

QUESTIONS: dict[str, list[Any]] = {
    "framework": ["fastapi", "django", "flask"],
    "database": ["sqlite", "postgres"],
    "example": ["none", "shop"],
    "oauth": [False, True],
    "webhooks": [False, True],
}
COMBINATIONS = [dict(zip(QUESTIONS, answers, strict=True)) for answers in product(*QUESTIONS.values())]
# Each example with each framework and database. The other answers change from one to the next, so that each pair of
# answers is among them.
TRIED: list[dict[str, Any]] = [
    {
        "framework": framework,
        "database": database,
        "example": example,
        "oauth": (number + 1) // 2 % 2 == 1,
        "webhooks": number // 3 % 2 == 1,
    }
    for number, (framework, database, example) in enumerate(product(*list(QUESTIONS.values())[:3]))
]


def name_of(answers: Answers) -> str:
    named = {question: question if answer is True else answer for question, answer in answers.items()}
    return "-".join(name for name in named.values() if name not in {False, "none"})


def among(combinations: list[dict[str, Any]], quick: list[dict[str, Any]]) -> pytest.MarkDecorator:
    """A test of each of these. The quick subset tries some of them only."""
    marks: dict[bool, list[pytest.MarkDecorator]] = {True: [], False: [pytest.mark.slow]}
    parameters = [pytest.param(each, id=name_of(each), marks=marks[each in quick]) for each in combinations]
    return pytest.mark.parametrize("answers", parameters)


# Those that leave nothing out: what is true of all of their files is true of those of the others.
FULL = [each for each in COMBINATIONS if each["example"] == "shop" and each["oauth"] and each["webhooks"]]

every_combination = among(COMBINATIONS, quick=TRIED[::3])  # Each framework, database and example among them.
every_combination_tried = among(TRIED, quick=TRIED)
every_full_combination = among(FULL, quick=FULL[:1])

# Everything that a rule lets through and an unquoted place would trip over.
HOSTILE = {
    "project_name": "Zoë's \"\"\"Café\"\"\" \\ #1: <b>&amp; '''🚀''' {x} $HOME %s",
    "description": "- [x]: \"100 %\" \\n {y} #tag | > `id` $(id) * & ! 'é' 漢字 🤷‍♀️ \\",
    "author": 'O\'Brien, "Ünï" <o@example.com>; # --',
}
JINJA = re.compile(r"\{\{|\{%|\{#")
SHORTEST, LONGEST = "a", "the-longest-project-slug-of-30"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgSign=false"]
    return subprocess.check_output(["git", *identity, *arguments], cwd=folder, text=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def release(folder: Path) -> Path:
    """A clone of the working tree, as it would be published: committed, and tagged with its release."""
    folder.mkdir()
    for path in git(ROOT, "ls-files", "-zco", "--exclude-standard").split("\0"):
        if path and (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    git(folder, "init", "--quiet", "--initial-branch=main")
    tag(folder, json.loads((folder / "cookiecutter.json").read_text("utf-8"))["_release"])
    return folder


def tag(template: Path, version: str) -> None:
    commit(template, version)
    git(template, "tag", f"v{version}")


def with_cookiecutter(template: Path, folder: Path, answers: Answers) -> Path:
    """Generates into a folder beside the wanted one: cookiecutter names the project's folder itself."""
    return Path(cookiecutter(str(template), no_input=True, extra_context=dict(answers), output_dir=str(folder)))


def with_copier(template: Path, folder: Path, answers: Answers) -> Path:
    project = folder / str(answers.get("project_slug", "my-service"))
    copier.run_copy(str(template), project, data=dict(answers), defaults=True, quiet=True)
    return project


def run(folder: Path, *arguments: str, typed: str = "", **environment: str) -> list[str]:
    """The lines that `cookiecutter` prints when it is called in a folder, without a terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        [sys.executable, "-m", "cookiecutter", *arguments],
        cwd=folder,
        env=os.environ | {"PWD": str(folder)} | environment,
        input=typed,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()


type Engine = Callable[[Path, Path, Answers], Path]
ENGINES: dict[str, Engine] = {"cookiecutter": with_cookiecutter, "copier": with_copier}


def answered(**answers: str) -> dict[str, Any]:
    """What cookiecutter knows when all questions are answered: the answers, and what is derived from them."""
    context = generate_context(str(ROOT / "cookiecutter.json"), extra_context=answers)
    return dict(prompt_for_config(context, no_input=True))


def reserved() -> list[str]:
    """The names that no package can have."""
    groups = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))["_reserved"].values()
    return " ".join(line for lines in groups for line in lines).split()


def tree(project: Path) -> Tree:
    """Every file of a project outside .git, with its bytes and its mode."""
    return {
        path.relative_to(project).as_posix(): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in project.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(project).parts
    }


def differences(ours: Path, theirs: Path) -> list[str]:
    """The files that are not the same in two projects, and the folders that one of them lacks."""
    files, others = tree(ours), tree(theirs)
    changed = {path for path in files.keys() | others.keys() if files.get(path) != others.get(path)}
    return sorted(changed | (folders(ours) ^ folders(theirs)))


def folders(project: Path) -> set[str]:
    paths = (Path(folder).relative_to(project) for folder, _, _ in os.walk(project))
    return {f"{path.as_posix()}/" for path in paths if ".git" not in path.parts}
