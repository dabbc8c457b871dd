"""An owner's project follows the template from release to release and keeps the owner's work.

Made by cookiecutter, but for one test: the other engine gives the same bytes, the answers file among them.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml

from tests.engines import (
    JINJA,
    Answers,
    commit,
    differences,
    every_full_combination,
    git,
    tag,
    tree,
    with_cookiecutter,
    with_copier,
)
from tools.sync import BODY, ROOT, copier_yml

COMMON = f"{BODY}/{{{{cookiecutter.__common}}}}"
SERVICE = "src/my_service/users/service.py"
SERVICE_IN_THE_BODY = f"{COMMON}/src/{{{{cookiecutter.__package}}}}/users/service.py"


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
    (template / "copier.yml").write_text(copier_yml(template), "utf-8")
    tag(template, version)


def update(project: Path, **answers: object) -> None:
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


def add_notes(project: Path) -> Path:
    """A feature of the owner's."""
    edit(project / "src/my_service/features.py", lambda text: text.replace("\n]", '\n    "notes",\n]'))
    for folder in ("src/my_service/notes", "tests/notes"):
        (project / folder).mkdir()
        (project / folder / "__init__.py").write_text("# notes\n")
    commit(project, "notes")
    return project


def features(project: Path) -> list[str]:
    text = (project / "src/my_service/features.py").read_text("utf-8")
    return re.findall(r'^ {4}"(\w+)",$', text, re.MULTILINE)


class TestAnUpdate:
    @every_full_combination
    def test_gives_what_a_new_project_would_be(self, answers: Answers, published: Path, tmp_path: Path) -> None:
        project = committed(with_cookiecutter(published, tmp_path / "alice", answers))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        (published / COMMON / "docs").mkdir(exist_ok=True)
        (published / COMMON / "docs" / "new.md").write_text("# {{ cookiecutter.project_name }}\n")
        publish(published)

        update(project)

        assert differences(project, with_copier(published, tmp_path / "bob", answers)) == []
        assert remembered(project)["_commit"] == "v0.2.0"

    def test_adds_the_feature_of_an_answer_to_what_the_owner_has(self, project: Path) -> None:
        add_notes(project)

        update(project, example="shop")

        shop = ["cart", "catalog", "idempotency", "orders", "payments"]
        assert features(project) == ["auth", "events", "jobs", "mail", *shop, "telemetry", "users", "notes"]
        assert (project / "src/my_service/catalog/openapi.yaml").exists()
        assert (project / "tests/catalog/test_api.py").exists()
        assert git(project, "status", "--short", "src/my_service/notes", "tests/notes") == ""

    @pytest.mark.slow
    def test_takes_the_feature_of_an_answer_away(self, published: Path, tmp_path: Path) -> None:
        project = committed(with_cookiecutter(published, tmp_path / "alice", {"example": "shop"}))
        bare = add_notes(committed(with_cookiecutter(published, tmp_path / "bob", {"example": "none"})))
        add_notes(project)

        update(project, example="none")

        assert differences(project, bare) == []

    @pytest.mark.slow
    def test_works_for_a_project_of_copiers_as_well(self, published: Path, tmp_path: Path) -> None:
        project = committed(with_copier(published, tmp_path / "alice", {}))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert (project / SERVICE).read_text().endswith("# 0.2.0\n")

    @pytest.mark.slow
    def test_finds_a_template_that_was_named_by_a_relative_path(
        self, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        project = committed(with_copier(Path(published.name), tmp_path / "alice", {}))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        monkeypatch.chdir(project)
        update(Path())

        assert remembered(project)["_src_path"] == str(published)
        assert (project / SERVICE).read_text().endswith("# 0.2.0\n")

    @pytest.mark.slow
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

    @pytest.mark.slow
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

    @pytest.mark.slow
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
        assert f"UU {SERVICE}" in git(project, "status", "--short").splitlines()
        with pytest.raises(subprocess.CalledProcessError):
            git(project, "diff", "--check")

    @pytest.mark.slow
    def test_leaves_deleted_what_the_owner_deleted(self, project: Path, published: Path) -> None:
        (project / SERVICE).unlink()
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert not (project / SERVICE).exists()

    @pytest.mark.slow
    def test_leaves_history_alone(self, published: Path, tmp_path: Path) -> None:
        """The changelog and the migrations are the owner's from the first day: to edit, to squash, to delete."""
        project = with_cookiecutter(published, tmp_path / "alice", {"framework": "django"})
        migration = next(project.glob("src/my_service/*/migrations/0001_*.py"))
        migration.rename(migration.with_name("1000_all.py"))
        (project / "CHANGELOG.md").unlink()
        committed(project)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert not migration.exists()
        assert migration.with_name("1000_all.py").exists()
        assert not (project / "CHANGELOG.md").exists()

    @pytest.mark.slow
    def test_changes_no_ends_of_lines_on_windows(self, published: Path, tmp_path: Path) -> None:
        """Git there is set to make CRLF of them unless a project says otherwise."""
        made = committed(with_cookiecutter(published, tmp_path / "alice", {}))
        project = tmp_path / "bob"
        git(tmp_path, "clone", "--quiet", "--config", "core.autocrlf=true", str(made), str(project))
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        assert git(project, "status", "--porcelain").split() == ["M", ".copier-answers.yml", "M", SERVICE]
        assert [path for path, (content, _) in tree(project).items() if b"\r" in content] == []

    @pytest.mark.slow
    def test_follows_a_project_that_got_another_name(self, project: Path, published: Path) -> None:
        """By the commands of the README."""
        renaming = re.search("```sh\n(git mv .*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
        assert renaming
        edit(project / SERVICE, on_top("# ours"))
        committed(project)
        git(project, "config", "user.name", "Alice")
        git(project, "config", "user.email", "alice@example.com")
        subprocess.run(["bash", "-euc", renaming[1]], cwd=project, stdout=subprocess.DEVNULL, check=True)
        edit(published / SERVICE_IN_THE_BODY, at_the_end("# 0.2.0"))
        publish(published)

        update(project)

        text = (project / "src" / "book_shop" / "users" / "service.py").read_text()
        assert remembered(project)["project_slug"] == "book-shop"
        assert text.startswith("# ours\n")
        assert text.endswith("# 0.2.0\n")
        assert not (project / "src" / "my_service").exists()
        assert "<<<<<<<" not in text

    @pytest.mark.slow
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

    @pytest.mark.slow
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

    @pytest.mark.slow
    def test_says_what_comes_next(self, project: Path, published: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (published / "CHANGELOG.md").write_text("# Changelog\n\n## 0.2.0\n\nRun it.\n\n## 0.1.0\n\nThe first.\n")
        publish(published)

        copier.run_update(project, defaults=True, overwrite=True)

        message = capfd.readouterr().err.split("Updating to template version 0.2.0\n")[1]
        assert message.strip().splitlines() == [
            "git status --short  # which files the update changed; `UU` is a file with conflicts",
            "git diff  # what it changed; `<<<<<<<` marks what only you can settle",
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
    @pytest.mark.slow
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
