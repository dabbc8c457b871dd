"""What a resource has to know about the project: its answers, its features and their tables."""

import ast
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from .names import Refused, snake

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


@dataclass(frozen=True)
class Table:
    """A table that a resource can refer to."""

    feature: str
    model: str
    is_owned: bool

    @property
    def name(self) -> str:
        """Of one row: `line_item`."""
        return snake(self.model)


class Project:
    def __init__(self, root: Path, release: str) -> None:
        self.root = root
        try:
            self.answers = yaml.safe_load((root / ".copier-answers.yml").read_text("utf-8"))
            self.framework, self.database = self.answers["framework"], self.answers["database"]
            self.slug = self.answers["project_slug"]
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
            raise Refused(
                f"{root} is not a project of Layercake's: there is no .copier-answers.yml that says what it is."
                " Run this in the folder of a project."
            ) from None
        self.package = self.slug.replace("-", "_")
        self.source = root / "src" / self.package
        self._check_release(release)
        for path, text in NEEDS.items():
            self._require(path.format(package=self.package), text)

    def _check_release(self, release: str) -> None:
        commit = str(self.answers.get("_commit", ""))
        found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", commit)
        if found is None:
            return
        version, newest = tuple(map(int, found.groups())), tuple(map(int, release.split(".")))
        if version < OLDEST:
            raise Refused(f".copier-answers.yml: the project is of {commit}, too old for this generator. Update it first.")
        if version > newest:
            raise Refused(
                f".copier-answers.yml: the project is of {commit}, and this generator of v{release}. Add"
                f" `--checkout {commit}` to the command."
            )

    def _require(self, path: str, text: str) -> None:
        try:
            is_there = text in (self.root / path).read_text("utf-8")
        except OSError:
            is_there = False
        if not is_there:
            raise Refused(f"{path} has no `{text.strip('(')}`: the project is older than this generator. Update it first.")

    @cached_property
    def features_file(self) -> Path:
        return self.source / "features.py"

    @cached_property
    def features(self) -> list[str]:
        return [element.value for element in self._list_of_features().elts]  # type: ignore[attr-defined]

    def with_feature(self, name: str) -> str:
        """features.py with one line more."""
        lines = self.features_file.read_text("utf-8").splitlines(keepends=True)
        end = self._list_of_features().end_lineno or 0
        return "".join([*lines[: end - 1], f'    "{name}",\n', *lines[end - 1 :]])

    def _list_of_features(self) -> ast.List:
        """Raises Refused unless each name has a line of its own, as ruff writes them."""
        try:
            text = self.features_file.read_text("utf-8")
            lines = text.splitlines()
            for node in ast.parse(text).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FEATURES":
                    found = node.value
                    if (
                        isinstance(found, ast.List)
                        and all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in found.elts)
                        and lines[(found.end_lineno or 0) - 1].strip() == "]"
                        and lines[found.elts[-1].lineno - 1].partition("#")[0].rstrip().endswith(",")
                    ):
                        return found
        except (OSError, ValueError, IndexError, SyntaxError):
            pass
        raise Refused(
            f"{self.features_file.relative_to(self.root).as_posix()}: FEATURES should be a list of names, each on a line of"
            " its own. Nothing was written."
        )

    @cached_property
    def tables(self) -> dict[str, Table]:
        """By name, those of all features."""
        tables = {}
        for feature in self.features:
            for node in _parsed(self.source / feature / "models.py").body:
                if isinstance(node, ast.ClassDef) and (name := _table_name(node)):
                    columns = {ast.unparse(target) for target in _assigned(node)}
                    tables[name] = Table(feature, node.name, not columns.isdisjoint({"user_id", "user"}))
        return tables

    def makes(self, table: Table) -> bool:
        """Whether the tests of its feature say how to make a row, in the function that PATH_IDS names."""
        path = self.root / "tests" / table.feature / "permissions.py"
        return any(isinstance(node, ast.FunctionDef) and node.name == f"{table.name}_id" for node in _parsed(path).body)

    def latest_migration(self, feature: str) -> str:
        """Its name for Django, its revision for Alembic."""
        files = sorted((self.source / feature / "migrations").glob("[0-9]*.py"))
        if not files:
            raise Refused(f"src/{self.package}/{feature}/migrations has no migration yet: write it first.")
        if self.framework == "django":
            return files[-1].stem
        found = re.search(r'^revision\b[^"\']*=\s*["\'](\w+)["\']', files[-1].read_text("utf-8"), re.MULTILINE)
        if found is None:
            raise Refused(f"{files[-1].relative_to(self.root).as_posix()} has no line `revision = ...`.")
        return found[1]

    def is_contracted(self, *words: str) -> str | None:
        """The first of these words that the contract of a feature defines already."""
        for path in sorted(self.source.glob("*/openapi.yaml")):
            text = path.read_text("utf-8")
            for word in words:
                if re.search(rf"^ +{re.escape(word)}:|operationId: {re.escape(word)}\s*$", text, re.MULTILINE):
                    return f"{path.relative_to(self.root).as_posix()} has {word} already."
        return None

    def is_committed(self, path: Path) -> bool:
        """Whether git can restore it as it is."""
        command = ["git", "-C", str(self.root), "status", "--porcelain", "--", str(path)]
        try:
            return not subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return False


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ast.Module([], [])


def _assigned(node: ast.ClassDef) -> list[ast.expr]:
    targets: list[ast.expr] = []
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            targets.append(statement.target)
        elif isinstance(statement, ast.Assign):
            targets += statement.targets
    return targets


def _table_name(node: ast.ClassDef) -> str | None:
    """What `__tablename__` of SQLAlchemy or `db_table` of Django's Meta says."""
    meta = [inner for inner in node.body if isinstance(inner, ast.ClassDef) and inner.name == "Meta"]
    for statement in [*node.body, *(statement for inner in meta for statement in inner.body)]:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) in {"__tablename__", "db_table"}:
            value = statement.value
            return str(value.value) if isinstance(value, ast.Constant) else None
    return None
