"""An owner's project follows the template from release to release and keeps the owner's work.

Made by cookiecutter, but for one test: the other engine gives the same bytes, the answers file among them.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml

from tests.engines import (
    Answers,
    commit,
    differences,
    every_combination,
    git,
    tag,
    with_cookiecutter,
    with_copier,
)
from tools.sync import BODY, JINJA, ROOT, generated

COMMON = f"{BODY}/{{{{cookiecutter.__common}}}}"
SERVICE = "src/my_service/accounts/service.py"
SERVICE_IN_THE_BODY = f"{COMMON}/src/{{{{cookiecutter.__package}}}}/accounts/service.py"


@pytest.fixture
def published(template: Path, tmp_path: Path) -> Path:
    """The template with its first release, free to be changed."""
    return shutil.copytree(template, tmp_path / "template")


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Path:
    """Alice's project, committed."""
    return committed(with_cookiecutter(published, tmp_path / "alice", {}))


def committed(project: Path) -> Path:
    git(project, "init", "--quiet")
    commit(project, "work")
    return project


def publish(template: Path, version: str = "0.2.0") -> None:
    settings = template / "cookiecutter.json"
    edit(settings, lambda text: text.replace('"_release": "0.1.0"', f'"_release": "{version}"'))
    for path, text in generated(template).items():
        path.write_text(text, "utf-8")
    tag(template, version)


def update(project: Path, **answers: str) -> None:
    """`copier update`, which asks nothing and trusts nothing."""
    copier.run_update(project, data=answers, defaults=True, overwrite=True, quiet=True, unsafe=False)


def edit(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), "utf-8")


def on_top(line: str) -> Callable[[str], str]:
    return lambda text: f"{line}\n{text}"


def at_the_end(line: str) -> Callable[[str], str]:
    return lambda text: f"{text}{line}\n"


def remembered(project: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8")))


class TestAnUpdate:
    @every_combination
    def test_gives_what_a_new_project_would_be(self, answers: Answers, published: Path, tmp_path: Path) -> None:
        project = committed(with_cookiecutter(published, tmp_path / "alice", answers))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        (published / COMMON / "docs").mkdir(exist_ok=True)
        (published / COMMON / "docs" / "new.md").write_text("# {{ cookiecutter.project_name }}\n")
        publish(published)

        update(project)

        assert differences(project, with_copier(published, tmp_path / "bob", answers)) == []
        assert remembered(project)["_commit"] == "v0.2.0"

    def test_works_for_a_project_of_copiers_as_well(self, published: Path, tmp_path: Path) -> None:
        project = committed(with_copier(published, tmp_path / "alice", {}))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert (project / SERVICE).read_text().endswith("# 0.2.0\n")

    def test_keeps_the_owners_files(self, project: Path, published: Path) -> None:
        (project / "src" / "my_service" / "shipping.py").write_text("ours = True\n")
        edit(project / "pyproject.toml", at_the_end("# ours"))
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert (project / "src" / "my_service" / "shipping.py").read_text() == "ours = True\n"
        assert (project / "pyproject.toml").read_text().endswith("# ours\n")
        assert (project / SERVICE).read_text().endswith("# 0.2.0\n")

    def test_merges_other_lines_of_one_file(self, project: Path, published: Path) -> None:
        edit(project / SERVICE, on_top("# ours"))
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        text = (project / SERVICE).read_text()
        assert text.startswith("# ours\n")
        assert text.endswith("# 0.2.0\n")
        assert "<<<<<<<" not in text

    def test_marks_a_conflict_and_loses_nothing(self, project: Path, published: Path) -> None:
        edit(project / SERVICE, on_top("# ours"))
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, on_top("# 0.2.0"))
        publish(published)

        update(project)

        assert (
            (project / SERVICE)
            .read_text()
            .startswith("<<<<<<< before updating\n# ours\n=======\n# 0.2.0\n>>>>>>> after updating\n")
        )
        assert f"UU {SERVICE}" in git(project, "status", "--porcelain").splitlines()

    def test_leaves_deleted_what_the_owner_deleted(self, project: Path, published: Path) -> None:
        (project / SERVICE).unlink()
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert not (project / SERVICE).exists()

    def test_leaves_history_alone(self, project: Path, published: Path) -> None:
        """The changelog and the first migration are the owner's from the first day."""
        before = (project / "migrations" / "versions" / "0001_accounts.py").read_bytes()
        (project / "CHANGELOG.md").write_text("ours\n")
        committed(project)
        (published / COMMON / "CHANGELOG.md").write_text("# Changelog, anew\n")
        for migration in published.glob(f"{BODY}/*/migrations/versions/0001_accounts.py"):
            edit(migration, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert (project / "migrations" / "versions" / "0001_accounts.py").read_bytes() == before
        assert (project / "CHANGELOG.md").read_text() == "ours\n"

    def test_asks_a_new_question(self, project: Path, published: Path) -> None:
        settings = json.loads((published / "cookiecutter.json").read_text("utf-8"))
        settings["region"] = ["eu", "us"]
        settings["__prompts__"]["region"] = {"__prompt__": "Region", "eu": "Europe", "us": "America"}
        (published / "cookiecutter.json").write_text(json.dumps(settings))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# {{ cookiecutter.region }}"))
        publish(published)

        update(project)

        assert remembered(project)["region"] == "eu"
        assert (project / SERVICE).read_text().endswith("# eu\n")

    def test_changes_an_answer(self, project: Path, published: Path, tmp_path: Path) -> None:
        """The project is a new one with that answer then, but for what the owner did to it."""
        edit(project / SERVICE, on_top("# ours"))
        (project / "shipping.py").write_text("ours = True\n")
        committed(project)
        fresh = with_copier(published, tmp_path / "bob", {"database": "postgres"})
        edit(fresh / SERVICE, on_top("# ours"))
        (fresh / "shipping.py").write_text("ours = True\n")

        update(project, database="postgres")

        assert differences(project, fresh) == []

    def test_refuses_a_bad_answer_and_changes_nothing(self, project: Path, published: Path) -> None:
        publish(published)

        with pytest.raises(ValueError, match="The author must not be blank"):
            update(project, author=" ")

        assert git(project, "status", "--porcelain") == ""

    def test_says_what_comes_next(self, project: Path, published: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (published / "CHANGELOG.md").write_text("# Changelog\n\n## 0.2.0\n\nRun it.\n\n## 0.1.0\n\nThe first.\n")
        publish(published)

        copier.run_update(project, defaults=True, overwrite=True)

        message = capfd.readouterr().err.split("Updating to template version 0.2.0\n")[1]
        assert message.strip().splitlines() == [
            "git diff  # what the update changed; `<<<<<<<` marks what only you can settle",
            "uv run pytest  # proves it",
            "",
            "## 0.2.0",
            "",
            "Run it.",
        ]


class TestTheChangelog:
    def test_can_be_told_by_copier(self) -> None:
        """Which includes it in its message, as a template."""
        assert not JINJA.search((ROOT / "CHANGELOG.md").read_text("utf-8"))


class TestAProjectInAMonorepo:
    def test_is_updated_alone(self, published: Path, tmp_path: Path) -> None:
        repository = tmp_path / "monorepo"
        project = with_cookiecutter(published, repository / "services", {})
        neighbour = repository / "services" / "other" / "pyproject.toml"
        neighbour.parent.mkdir()
        neighbour.write_text("other\n")
        edit(project / SERVICE, on_top("# ours"))
        committed(repository)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        text = (project / SERVICE).read_text()
        assert text.startswith("# ours\n")
        assert text.endswith("# 0.2.0\n")
        assert neighbour.read_text() == "other\n"
