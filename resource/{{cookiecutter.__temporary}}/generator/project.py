"""What a resource has to know about the project: its answers, its features and their tables."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from .names import Refused, camel

# What the code of a resource uses. In a project without one of them, it could not run.
NEEDS = {
    "src/{package}/core/schemas.py": "def written_as(",
    "src/{package}/core/pagination.py": "def filters(",
    "src/{package}/system/contract.py": "def join(",
    "tests/permissions.py": "PATH_IDS",
    "tests/races.py": "def meanwhile(",
    "tests/plans.py": "def finds_by(",
}
OLDEST = (0, 1, 0)

# One name on each line, as `ruff format` leaves it.
FEATURES = re.compile(r'^FEATURES\b[^=\n]*= \[\n((?:    "\w+",[^\n]*\n|\s*#[^\n]*\n)+)\]$', re.MULTILINE)
MODEL = re.compile(r"^class (\w+)\b(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r'^ +(?:__tablename__|db_table) = "(\w+)"', re.MULTILINE)
OWNER = re.compile(r"^    (?:user_id:|user = )", re.MULTILINE)
OF_USERS = re.compile(r'ForeignKey\((?:User\b|"users\.id")')
MAKER = re.compile(r"^def (\w+)_id\(", re.MULTILINE)
DEPENDS_ON = re.compile(r"^depends_on\b[^=\n]*=(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
REVISION = re.compile(r'^revision\b[^"\n]*= "(\w+)"', re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """A table that a resource can refer to."""

    feature: str
    model: str
    is_owned: bool
    is_readable: bool  # For its owner, or for every user.
    name: str | None  # Of one row, such as `line_item`, if the tests of the feature say how to make one.


class Project:
    def __init__(self, root: Path, release: str) -> None:
        self.root = root
        try:
            answers = yaml.safe_load((root / ".copier-answers.yml").read_text("utf-8"))
            self.framework, self.slug = str(answers["framework"]), str(answers["project_slug"])
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
            raise Refused(
                f"{root} is not a project of Layercake's: it has no .copier-answers.yml that says what it is."
                " Run this in the folder of a project."
            ) from None
        self.package = self.slug.replace("-", "_")
        self.source = root / "src" / self.package
        self.features_path = f"src/{self.package}/features.py"
        self.features_file = root / self.features_path
        _check_release(str(answers.get("_commit", "")), release)
        for path, text in NEEDS.items():
            name = path.format(package=self.package)
            if text not in _text_of(root / name):
                raise Refused(f"{name} has no `{text}`: the project is older than this generator. Update it first.")
        self._list_of_features()

    def path_of(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    @cached_property
    def features(self) -> list[str]:
        return re.findall(r'^    "(\w+)"', self._list_of_features()[1], re.MULTILINE)

    def with_feature(self, name: str) -> str:
        """features.py with one line more."""
        found = self._list_of_features()
        end = found.end(1)
        return f'{found.string[:end]}    "{name}",\n{found.string[end:]}'

    def _list_of_features(self) -> re.Match[str]:
        found = FEATURES.search(_text_of(self.features_file))
        if found is None:
            raise Refused(
                f"{self.features_path}: FEATURES should be a list of names, each on a line of its own, and then `]`."
            )
        return found

    @cached_property
    def tables(self) -> dict[str, Table]:
        """By name, those of all features."""
        tables = {}
        for feature in self.features:
            permissions = _text_of(self.root / "tests" / feature / "permissions.py")
            made = MAKER.findall(permissions)
            for model, block in MODEL.findall(_text_of(self.source / feature / "models.py")):
                if table := TABLE.search(block):
                    name = next((name for name in made if camel(name) == model), None)
                    is_owned = OWNER.search(block) is not None
                    answers = re.search(rf'"read_{name}": "\S+ (ok|all) (\S+)', permissions)
                    is_shared = not OF_USERS.search(block) and answers is not None and answers[2] in {"ok", "all"}
                    is_readable = is_shared or (is_owned and answers is not None)
                    tables[table[1]] = Table(feature, model, is_owned, is_readable, name)
        return tables

    def migrations_of(self, features: set[str]) -> dict[str, str]:
        """The latest migration of each, without those that others of them depend on."""
        implied = {earlier for feature in features for earlier in self._depends_on(feature)}
        return {feature: self.latest_migration(feature) for feature in sorted(features - implied)}

    def _depends_on(self, feature: str) -> set[str]:
        """Alembic fails on what is named twice, by itself and through another. Django wants all of them."""
        if self.framework == "django":
            return set()
        texts = map(_text_of, (self.source / feature / "migrations").glob("[0-9]*.py"))
        needed = " ".join(found for text in texts for found in DEPENDS_ON.findall(text))
        direct = {other for other in self.features if other != feature and f'"{other}_0' in needed}
        return direct.union(*map(self._depends_on, direct))

    def latest_migration(self, feature: str) -> str:
        """Its name for Django, its revision for Alembic."""
        files = sorted((self.source / feature / "migrations").glob("[0-9]*.py"))
        if not files:
            raise Refused(f"src/{self.package}/{feature}/migrations has no migration: write it first.")
        if self.framework == "django":
            return files[-1].stem
        found = REVISION.search(_text_of(files[-1]))
        if found is None:
            raise Refused(f"{self.path_of(files[-1])} has no line `revision = ...`.")
        return found[1]

    def place_in_contract(self, *words: str) -> str | None:
        """Where the contract of a feature defines one of these words already."""
        for path in sorted(self.source.glob("*/openapi.yaml")):
            text = _text_of(path)
            for word in words:
                if re.search(rf"^ +{re.escape(word)}:|operationId: {re.escape(word)}$", text, re.MULTILINE):
                    return f"{self.path_of(path)} has {word} already"
        return None

    def is_committed(self, path: Path) -> bool:
        """Whether git can restore it as it is."""
        command = ["git", "-C", str(self.root), "status", "--porcelain", "--", str(path)]
        try:
            return not subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return False


def _check_release(commit: str, release: str) -> None:
    """A commit after a release counts as that release; of one without a release before it, NEEDS has to do."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", commit)
    version = tuple(map(int, found.groups())) if found else OLDEST
    if version < OLDEST:
        raise Refused(f".copier-answers.yml: {commit} is too old for this generator. Update the project first.")
    if version > tuple(map(int, release.split("."))):
        raise Refused(
            f".copier-answers.yml: {commit} is newer than this generator of v{release}. Use that of the release:"
            f" `--checkout {commit}`, with the address of the template."
        )


def _text_of(path: Path) -> str:
    """Empty if there is none."""
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""
