"""cookiecutter as people call it: from here and there, over what is there already, on machines that lack things."""

import shutil
from pathlib import Path

import pytest
import yaml
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from tests.engines import commit, differences, git, run, tree, with_cookiecutter

NEXT_STEPS = ["cd my-service", "uv run my-service dev  # starts it", "uv run pytest  # runs its tests"]


def answers(project: Path) -> dict[str, str]:
    text = (project / ".copier-answers.yml").read_text("utf-8")
    return dict(yaml.safe_load(text))


class TestWhereItIsCalled:
    def test_beside_the_template(self, template: Path) -> None:
        lines = run(template.parent, template.name, "--no-input")

        assert lines == NEXT_STEPS
        assert answers(template.parent / "my-service")["_src_path"] == str(template)

    def test_in_the_template(self, template: Path, tmp_path: Path) -> None:
        run(template, ".", "--no-input", "-o", str(tmp_path))

        assert answers(tmp_path / "my-service")["_src_path"] == str(template)

    def test_below_the_template_by_a_shell_that_tells_no_folder(self, template: Path) -> None:
        folder = template / "docs" / "deep"

        run(folder, "../..", "--no-input", PWD="")

        assert answers(folder / "my-service")["_src_path"] == str(template)
        shutil.rmtree(folder)

    def test_with_a_folder_to_write_to(self, template: Path, tmp_path: Path) -> None:
        lines = run(tmp_path, str(template), "--no-input", "-o", "new folder/below")

        assert lines[0] == 'cd "new folder/below/my-service"'
        assert (tmp_path / "new folder" / "below" / "my-service" / "pyproject.toml").exists()

    def test_by_a_shell_without_utf_8(self, template: Path, tmp_path: Path) -> None:
        lines = run(tmp_path, str(template), "--no-input", "-o", str(tmp_path / "å"), PYTHONIOENCODING="ascii")

        assert lines[0] == r"cd \xe5/my-service"


class TestQuestions:
    def test_are_asked_one_after_the_other(self, template: Path, tmp_path: Path) -> None:
        prompts = " ".join(run(tmp_path, str(template), typed="Chairs\n\n\n\n2\n2\n2\ny\ny\n"))

        assert "[1/9]" in prompts
        assert "[9/9]" in prompts
        chosen = {"framework": "django", "database": "postgres", "example": "shop", "oauth": True, "webhooks": True}
        assert answers(tmp_path / "chairs").items() >= chosen.items()

    def test_are_answered_again_by_a_replay(self, template: Path, tmp_path: Path) -> None:
        run(tmp_path / "first", str(template), "--no-input", "framework=flask", "author=Zoë")
        run(tmp_path / "second", str(template), "--replay")

        assert differences(tmp_path / "first", tmp_path / "second") == []


class TestOverAProject:
    def test_keeps_what_is_the_owners(self, template: Path, tmp_path: Path) -> None:
        project = with_cookiecutter(template, tmp_path, {"framework": "django"})
        migration = next(project.glob("src/my_service/*/migrations/0001_*.py")).relative_to(project).as_posix()
        owners = {
            "CHANGELOG.md": "ours",
            "src/my_service/shipping/service.py": "new",
            migration: "",
        }
        for path, text in owners.items():
            (project / path).parent.mkdir(exist_ok=True)
            (project / path).write_text(text)
        (project / "pyproject.toml").write_text("lost")

        run(tmp_path, str(template), "--no-input", "-f", "framework=django")

        assert {path: (project / path).read_text() for path in owners} == owners
        fresh = with_cookiecutter(template, tmp_path / "fresh", {"framework": "django"})
        assert differences(project, fresh) == sorted([*owners, "src/my_service/shipping/"])

    def test_replaces_a_linked_file_and_not_what_it_leads_to(self, template: Path, tmp_path: Path) -> None:
        project = with_cookiecutter(template, tmp_path, {})
        before = tree(project)
        outside = tmp_path / "outside"
        outside.write_text("ours")
        for path in ("pyproject.toml", ".copier-answers.yml"):
            (project / path).unlink()
            (project / path).symlink_to(outside)

        run(tmp_path, str(template), "--no-input", "-f")

        assert outside.read_text() == "ours"
        assert tree(project) == before

    def test_refuses_a_linked_folder_and_changes_nothing(
        self, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        project = with_cookiecutter(template, tmp_path, {})
        (project / "docs").rename(tmp_path / "docs")
        (project / "docs").symlink_to(tmp_path / "docs")

        assert refusal(template, project, capfd) == "docs must be a folder, not a link or a file.\n"

    def test_refuses_a_file_for_a_folder_and_the_reverse(
        self, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        project = with_cookiecutter(template, tmp_path, {})
        shutil.rmtree(project / "tests")
        (project / "tests").write_text("ours")
        (project / "README.md").unlink()
        (project / "README.md").mkdir()

        assert refusal(template, project, capfd) == (
            "README.md must be a file, not a folder.\ntests must be a folder, not a link or a file.\n"
        )


def refusal(template: Path, project: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """What the hook says when it refuses to write over a project; all of that stays, and what its links lead to."""
    everything = project.parent
    (project / "pyproject.toml").write_text("ours")
    before = tree(everything)

    with pytest.raises(FailedHookException):
        cookiecutter(str(template), no_input=True, overwrite_if_exists=True, output_dir=str(everything))

    assert tree(everything) == before
    return capfd.readouterr().err


class TestTheOrigin:
    """What `copier update` needs: where the template is, and which version the project was made from."""

    def test_between_two_releases(self, template: Path, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", str(template), str(clone))
        commit(clone, "one more")

        run(tmp_path, "clone", "--no-input")

        assert answers(tmp_path / "my-service")["_commit"] == git(clone, "describe", "--tags").strip()

    @pytest.mark.parametrize("inside_another_repository", [False, True])
    def test_without_a_repository(self, inside_another_repository: bool, template: Path, tmp_path: Path) -> None:
        copy = shutil.copytree(template, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
        if inside_another_repository:
            git(tmp_path, "init", "--quiet")
            commit(tmp_path, "all")

        run(tmp_path, "copy", "--no-input")

        assert origin(tmp_path) == (str(copy), "v0.1.0")

    def test_of_an_archive(self, template: Path, tmp_path: Path) -> None:
        git(template, "archive", "--prefix=layercake/", "--output", str(tmp_path / "cake.zip"), "HEAD")

        run(tmp_path, "cake.zip", "--no-input")

        assert origin(tmp_path) == (str(tmp_path / "cake.zip"), "v0.1.0")

    def test_of_a_clone_that_cookiecutter_makes(self, template: Path, tmp_path: Path) -> None:
        published = tmp_path / "cake.git"
        git(tmp_path, "clone", "--quiet", "--bare", str(template), str(published))

        run(tmp_path, published.as_uri(), "--no-input")

        assert origin(tmp_path) == (published.as_uri(), "v0.1.0")

    @pytest.mark.parametrize(
        ("address", "source"),
        [
            ("https://github.com/alice/cake.git", "https://github.com/alice/cake.git"),
            ("https://github.com/alice/cake", "https://github.com/alice/cake"),
            ("https://alice:secret@gitlab.com/alice/cake", "https://gitlab.com/alice/cake"),
            ("https://git.example.com/cake", "git+https://git.example.com/cake"),
            ("https://token@git.example.com/cake.git", "https://git.example.com/cake.git"),
            ("git@git.example.com:alice/cake", "git@git.example.com:alice/cake"),
            ("ssh://git@git.example.com/cake", "git+ssh://git@git.example.com/cake"),
        ],
    )
    def test_is_an_address_that_copier_knows_without_a_secret(
        self, address: str, source: str, template: Path, tmp_path: Path, own_home: Path
    ) -> None:
        clone = own_home / "cookiecutters" / tmp_path.name
        git(tmp_path, "clone", "--quiet", str(template), str(clone))
        git(clone, "remote", "set-url", "origin", address)

        run(tmp_path, clone.name, "--no-input")

        assert origin(tmp_path) == (source, "v0.1.0")


def origin(folder: Path) -> tuple[str, str]:
    remembered = answers(folder / "my-service")
    return remembered["_src_path"], remembered["_commit"]


class TestABareMachine:
    def test_without_git_and_uv_lacks_nothing_but_a_hint(self, template: Path, tmp_path: Path) -> None:
        bare = run(tmp_path / "bare", str(template), "--no-input", PATH=str(tmp_path))
        run(tmp_path / "full", str(template), "--no-input")

        assert bare == [*NEXT_STEPS, "These need uv, which is not installed yet: https://docs.astral.sh/uv/"]
        assert differences(tmp_path / "bare", tmp_path / "full") == []
