"""What holds for every file of the body: CONTRIBUTING.md tells why."""

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from fnmatch import fnmatch
from pathlib import PurePosixPath

import pytest
from jinja2 import Environment, nodes

from tests.engines import JINJA, LONGEST, Answers, answered, every_combination, git
from tools.sync import BODY, ROOT, main

FILES = {
    path.removeprefix(f"{BODY}/"): (ROOT / path).read_text("utf-8")
    for path in git(ROOT, "ls-files", "-zco", "--exclude-standard", "--", BODY).split("\0")
    if path and (ROOT / path).exists()
}
ANSWERS_FILE = "{{cookiecutter.__answers_file}}"  # copier's own: cookiecutter leaves it to hooks/post_gen_project.py
FROM_THE_BODY = {path: text for path, text in FILES.items() if path != ANSWERS_FILE}
LAYER = re.compile(r"\{\{cookiecutter\.(__\w+)\}\}/")

# Variants belong into layers. Where one line of a long file differs, it may branch: here, and this often.
BRANCHES = {
    "{{cookiecutter.__common}}/pyproject.toml": 34,
    "{{cookiecutter.__common}}/README.md": 24,
    "{{cookiecutter.__common}}/.env.example": 4,
    "{{cookiecutter.__common}}/docs/adr/0001-a-request-is-a-transaction.md": 1,
    "{{cookiecutter.__common}}/Dockerfile": 2,
    "{{cookiecutter.__common}}/.importlinter": 2,
    "{{cookiecutter.__common}}/src/{{cookiecutter.__package}}/core/logging.py": 2,
    "{{cookiecutter.__common}}/src/{{cookiecutter.__package}}/features.py": 3,
    "{{cookiecutter.__common}}/tests/core/test_settings.py": 1,
    "{{cookiecutter.__postgres}}/compose.yaml": 1,
    "{{cookiecutter.__postgres}}/tests/database.py": 1,
    "{{cookiecutter.__sqlite}}/compose.yaml": 1,
    "{{cookiecutter.__sqlite}}/tests/database.py": 1,
}

# One file for three frameworks and two databases: the reason for the layers.
SHARED = ["*/errors.py", "*/schemas.py", "*/service.py", "*/test_api.py", "*/test_service.py", "*/openapi.yaml"]

NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)


def layer_of(path: str) -> str:
    layer = LAYER.match(path)
    assert layer, f"{path} lies in no layer"
    return layer[1]


def project_files(answers: Answers) -> list[str]:
    """The paths that the active layers give a project, as often as they give them."""
    values = answered(**answers)
    active = [path for path in FROM_THE_BODY if values[layer_of(path)].startswith(".layers/")]
    files = [Environment().from_string(LAYER.sub("", path, count=1)).render(cookiecutter=values) for path in active]
    return [file for file in files if "/.unused_" not in file]


class TestLayers:
    @every_combination
    def test_a_file_lies_in_one_active_layer(self, answers: Answers) -> None:
        """Also where a file system takes `a` for `A`; and what is a file in one layer is no folder in another."""
        paths = Counter(path.casefold() for path in project_files(answers))
        folders = {str(folder) for path in paths for folder in PurePosixPath(path).parents}

        assert [path for path, layers in paths.items() if layers > 1] == []
        assert folders.isdisjoint(paths)

    @pytest.mark.parametrize("pattern", SHARED)
    def test_shared_files_are_shared(self, pattern: str) -> None:
        assert {layer_of(path) for path in FROM_THE_BODY if fnmatch(path, pattern)} == {"__common"}

    def test_git_ignores_no_file(self) -> None:
        """What git ignores is not published; in a project, an update would overwrite it without a way back."""
        assert git(ROOT, "ls-files", "--others", "--ignored", "--exclude-standard", "--", BODY) == ""


class TestNames:
    def test_are_legal_on_windows_and_short_enough(self) -> None:
        assert [path for path in FILES if not_on_windows(path) or len(f"{BODY}/{path}") > 160] == []

    @every_combination
    def test_stay_so_in_the_project(self, answers: Answers) -> None:
        files = project_files({**answers, "project_slug": LONGEST})

        assert [path for path in files if not_on_windows(path) or len(path) > 120] == []


def not_on_windows(path: str) -> bool:
    return any(NOT_ON_WINDOWS.search(part) for part in PurePosixPath(path).parts)


class TestText:
    def test_is_plain(self) -> None:
        """No link, no carriage return or byte-order mark, one end of line at the end."""
        contents = {path: (ROOT / BODY / path).read_bytes() for path in FILES}

        assert [path for path in FILES if (ROOT / BODY / path).is_symlink()] == []
        assert [path for path, content in contents.items() if b"\r" in content or content[:3] == BOM_UTF8] == []
        assert [path for path, content in contents.items() if not re.search(rb"(^|[^\n]\n)\Z", content)] == []

    def test_needs_only_what_both_engines_have(self) -> None:
        """No filter, test or tag that one of the engines adds to Jinja."""
        for text in FROM_THE_BODY.values():
            Environment().compile(text)

    def test_keeps_the_jinja_budget(self) -> None:
        counts = {path: branches(text) for path, text in FROM_THE_BODY.items()}

        assert {path: count for path, count in counts.items() if count > BRANCHES.get(path, 0)} == {}
        assert [path for path, text in FROM_THE_BODY.items() if "{#" in text] == []


def branches(text: str) -> int:
    """The tags in a text, and the conditions in its expressions: `{{ ... if ... }}`. What is `raw` is not ours."""
    tags = re.findall(r"\{%", re.sub(r"\{%-? *raw.*?endraw *-?%\}", "", text, flags=re.DOTALL))
    return len(tags) + len(list(Environment().parse(text).find_all(nodes.CondExpr)))


class TestWhatCookiecutterCopies:
    """Files, and folders with all that is in them, that cookiecutter copies unread, for speed."""

    SETTINGS = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))

    @pytest.mark.parametrize("pattern", SETTINGS["_copy_without_render"])
    def test_is_there_and_has_no_jinja(self, pattern: str) -> None:
        copied: dict[str, str] = {}
        for path, text in FILES.items():
            parts = [path, *map(str, PurePosixPath(path).parents)]
            if found := next((part for part in parts if fnmatch(part, pattern)), None):
                copied[path] = path.removeprefix(found) + text

        assert copied
        assert [path for path, text in copied.items() if path != ANSWERS_FILE and JINJA.search(text)] == []


class TestWorkflow:
    TEXT = FROM_THE_BODY["{{cookiecutter.__common}}/.github/workflows/ci.yml"]

    def test_pins_actions_to_a_commit(self) -> None:
        """A tag can be moved to other code."""
        actions = re.findall("uses: (.*)", self.TEXT)

        assert actions
        assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", action)] == []

    def test_runs_what_the_command_for_all_checks_runs(self) -> None:
        assert "uv run {{ cookiecutter.project_slug }} check --all\n" in self.TEXT


class TestGeneratedFiles:
    def test_are_in_step(self) -> None:
        assert main(["--check"]) is None
