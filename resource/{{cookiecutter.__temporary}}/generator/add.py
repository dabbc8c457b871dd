"""Adds a resource: renders its files in memory, then refuses or writes them."""

import ast
import difflib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from keyword import iskeyword
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jinja2

from .fields import Enum, Field, Ref, yaml_word
from .grammar import HELP, parse
from .names import MAX_LENGTH, NAME, RESERVED_TABLES, Refused, article, camel, plural_of
from .project import Project, Table

BODY = Path(__file__).parent.parent / "body"
LAYERS = {
    "fastapi": ["common", "sqlalchemy", "fastapi"],
    "flask": ["common", "sqlalchemy", "flask"],
    "django": ["common", "django"],
}
CHOICES = {"who": ("owner", "members", "public-read"), "dry_run": ("no", "yes")}
DJANGO_INDEX_LENGTH = 30


def run(root: str, answers: Mapping[str, Any]) -> str | None:
    """Adds the resource to the project in `root`, and prints what it did. Returns a refusal, if any."""
    try:
        print(add(Path(root), answers))
    except Refused as refusal:
        return f"{refusal}\n\n{HELP}"
    return None


def add(root: Path, answers: Mapping[str, Any]) -> str:
    """What was written, or with `dry_run` what would be. Raises Refused when nothing was written."""
    project = Project(root, answers["_release"])
    context = context_of(project, answers)
    files = render(project, context)
    _refuse_names_in_use(project, context)
    files = tidied(project, files)
    features = project.with_feature(context["notes"])
    if answers["dry_run"] == "yes":
        return _preview(project, files, features)
    undo = _undo(project, context["notes"])
    try:
        write(root, files | {project.features_path: features})
    except OSError as error:
        for folder in (project.source / context["notes"], root / "tests" / context["notes"]):
            shutil.rmtree(folder, ignore_errors=True)
        raise Refused(f"{error.filename or root}: {error.strerror}. Nothing is left of what was written.") from None
    return _report(project, context, files, undo)


def context_of(project: Project, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates know."""
    name, who = answers["name"].strip(), answers["who"]
    plural = answers["plural"].strip() or plural_of(name)
    for question, choices in CHOICES.items():
        if answers[question] not in choices:
            raise Refused(f"{question}={answers[question]}: it is one of {', '.join(choices)}.")
    _check_name(project, name, plural)
    fields = parse(answers["fields"])
    is_owned = who == "owner"
    for field in fields:
        if field.name in {name, plural}:
            raise Refused(f"{field.word}: a field can not be called as its resource.")
        if field.type_name(camel(name)) in {f"{camel(name)}{suffix}" for suffix in ("Read", "Change", "Query")}:
            raise Refused(f"{field.word}: {field.type_name(camel(name))} would be two things. Choose another name.")
        if isinstance(field, Ref):
            field.target = _target(project, field, plural, is_owned=is_owned)
    refs = [field for field in fields if isinstance(field, Ref)]
    refs.sort(key=lambda ref: project.features.index(ref.target.feature))  # Locked as a removal does: parents first.
    filters = [field for field in fields if field.is_filter]
    depends_on = {ref.target.feature for ref in refs} | ({"users"} if is_owned else set())
    return {
        "package": project.package,
        "note": name,
        "notes": plural,
        "Note": camel(name),
        "Notes": camel(plural),
        "words": name.replace("_", " "),
        "many": plural.replace("_", " "),
        "path": plural.replace("_", "-"),
        "fields": fields,
        "refs": refs,
        "required_refs": [ref for ref in refs if ref.is_required],
        "filters": filters,
        "unique": next((field for field in fields if field.unique), None),
        "who": who,
        "owned": is_owned,
        "is_open": who == "public-read",
        "writer": "admin" if who == "public-read" else "alice",
        "indexes": _indexes(filters, is_owned=is_owned),
        "depends_on": project.migrations_of(depends_on),
    }


def _check_name(project: Project, name: str, plural: str) -> None:
    for word in (name, plural):
        if not NAME.fullmatch(word) or len(word) > MAX_LENGTH["resource"]:
            limit = MAX_LENGTH["resource"]
            raise Refused(f"{word}: a name is lower-case words and digits joined by _, at most {limit} characters.")
        if iskeyword(word) or word.startswith("test"):
            raise Refused(f"{word}: this name means something to Python or pytest. Choose another one.")
    if plural in RESERVED_TABLES:
        raise Refused(f"{plural}: this is a word of SQL. Choose another plural, with plural=<name>.")
    if name == plural:
        raise Refused(f"{name} has to differ from its plural: say which one, with plural=<name>.")
    for path in (project.source / plural, project.root / "tests" / plural):
        for taken in (path, path.with_suffix(".py")):
            if taken.exists() or taken.is_symlink():
                raise Refused(f"{project.path_of(taken)} is there already.")
    if plural in project.features:
        raise Refused(f"{project.features_path} names {plural} already.")
    if plural in project.tables:
        raise Refused(f"src/{project.package}/{project.tables[plural].feature}/models.py has a table {plural} already.")
    schemas = [f"New{camel(name)}", *(camel(name) + suffix for suffix in ("Read", "Change", "Page"))]
    operations = [f"list_{plural}", *(f"{verb}_{name}" for verb in ("create", "read", "change", "delete"))]
    place = project.place_in_contract(*schemas, *operations, f"/api/v1/{plural.replace('_', '-')}")
    if place:
        raise Refused(f"{name}: {place}. Choose another name.")


def _target(project: Project, ref: Ref, plural: str, *, is_owned: bool) -> Table:
    table = project.tables.get(ref.table)
    if ref.table == plural:
        raise Refused(f"{ref.word}: a row can not refer to its own table. Add this by hand afterwards.")
    if ref.table == "users":
        raise Refused(f"{ref.word}: with who=owner, each row belongs to a user. No field can refer to one.")
    if table is None:
        known = sorted(name for name, each in project.tables.items() if each.name and name != "users")
        raise Refused(f"{ref.word}: there is no {ref.table} to refer to, only {', '.join(known) or 'nothing yet'}.")
    if table.name is None:
        place = f"tests/{table.feature}/permissions.py"
        raise Refused(f"{ref.word}: PATH_IDS of {place} has no function that makes one of {ref.table}. Add it.")
    if not table.is_readable:
        raise Refused(
            f"{ref.word}: not every user may read {ref.table}, or its owner is not in `user_id`. Add it by hand."
        )
    if table.is_owned and not is_owned:
        raise Refused(f"{ref.word}: {ref.table} belong to their users, so what refers to them has to: who=owner.")
    return table


def _indexes(filters: list[Field], *, is_owned: bool) -> list[list[tuple[str, str]]]:
    """Of each, the columns and what Django calls them. A column that refers to others also begins one, which follows
    their removal. What belongs to a row of a user belongs to the user as well.
    """
    owner, last = [("user_id", "user")] if is_owned else [], ("id", "id")
    indexes = [[*owner, last]] if is_owned else []
    for field in filters:
        column = (field.column, field.name)
        if not isinstance(field, Ref) or (is_owned and not field.target.is_owned):
            indexes.append([*owner, column, last])
        if isinstance(field, Ref):
            indexes.append([column, last])
    return indexes


def index_name(plural: str, columns: list[str]) -> str:
    """For Django, which allows 30 characters."""
    name = f"ix_{plural}_{'_'.join(columns)}"
    if len(name) <= DJANGO_INDEX_LENGTH:
        return name
    return f"{name[: DJANGO_INDEX_LENGTH - 7]}_{sha256(name.encode()).hexdigest()[:6]}"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(BODY), undefined=jinja2.StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = environment.keep_trailing_newline = True
    environment.filters |= {"camel": camel, "article": article, "yaml": yaml_word}
    environment.globals["index_name"] = index_name
    return environment


def render(project: Project, context: Mapping[str, Any]) -> dict[str, str]:
    """The text of each file, by its path in the project."""
    files = {}
    for layer in LAYERS[project.framework]:
        for template in sorted((BODY / layer).rglob("*")):
            if template.is_file():
                path = template.relative_to(BODY / layer).as_posix()
                target = _templates().from_string(path).render(context)
                files[target] = _templates().get_template(f"{layer}/{path}").render(context)
    return files


def _refuse_names_in_use(project: Project, context: Mapping[str, Any]) -> None:
    """A resource called page would hide `Page` of core/pagination.py: no name may be one that its code uses."""
    stand_in = {"note": "zz", "notes": "zzs", "Note": "Zz", "Notes": "Zzs"}
    files = render(project, {**context, **stand_in})
    used = {name for path, text in files.items() if path.endswith(".py") for name in _names_in(text)}
    types = [field.type_name(context["Note"]) for field in context["fields"] if field.rule or isinstance(field, Enum)]
    used -= {member for field in context["fields"] if isinstance(field, Enum) for member in field.members}
    for name in (*(context[key] for key in stand_in), context["notes"].upper(), *types):
        if name in used:
            raise Refused(f"{name}: the code of a resource uses this name itself. Choose another one.")


def _names_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        for key in ("id", "arg", "name", "asname"):
            if isinstance(name := getattr(node, key, None), str):
                yield name


def tidied(project: Project, files: Mapping[str, str]) -> dict[str, str]:
    """As the project's own ruff formats them, without the imports that this resource does not need."""
    ruff = _ruff(project)
    # The rest of the package, and what says that it is one, is not in the temporary folder.
    first_party = f'lint.isort.known-first-party=["{project.package}"]'
    config = ["--config", str(project.root / "pyproject.toml"), "--config", first_party, "--no-cache", "--quiet"]
    with TemporaryDirectory() as folder:
        write(Path(folder), files)
        for command in (["check", "--fix", "--select=I,F401"], ["format"], ["check", "--output-format=concise"]):
            done = subprocess.run([*ruff, *command, *config], cwd=folder, capture_output=True, text=True)
            if done.returncode == 1 and done.stdout:
                fault = done.stdout.splitlines()[0]
                raise Refused(f"The code would not pass the project's ruff. Choose other names or defaults. {fault}")
            if done.returncode != 0:
                raise Refused(f"The project's ruff could not run: {done.stderr.strip()}")
        return {path: Path(folder, path).read_text("utf-8") for path in files}


def _ruff(project: Project) -> list[str]:
    environment = project.root / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
    if ruff := shutil.which("ruff", path=f"{environment / 'bin'}{os.pathsep}{environment / 'Scripts'}"):
        return [ruff]
    if uv := shutil.which("uv"):
        return [uv, "run", "--quiet", "--project", str(project.root), "ruff"]
    raise Refused("The project's ruff is missing, which formats what is written: install uv, and run `uv sync`.")


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target, new = root / path, root / f"{path}.new"
        target.parent.mkdir(parents=True, exist_ok=True)
        is_crlf = target.exists() and b"\r\n" in target.read_bytes()
        new.write_text(text, "utf-8", newline="\r\n" if is_crlf else "\n")
        new.replace(target)


def _preview(project: Project, files: Mapping[str, str], features: str) -> str:
    before = project.features_file.read_text("utf-8").splitlines(keepends=True)
    name = project.features_path
    diffs = [_diff(name, before, features), *(_diff(path, [], text) for path, text in files.items())]
    return "\n".join(["Would write", _tree(files), f"Would change {name}", "", *diffs])


def _diff(path: str, before: list[str], after: str) -> str:
    lines = after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, lines, f"a/{path}" if before else "/dev/null", f"b/{path}"))


def _tree(files: Mapping[str, str]) -> str:
    return "\n".join(f"  {path}  ({len(text.splitlines())} lines)" for path, text in sorted(files.items()))


def _undo(project: Project, plural: str) -> str:
    source, features = f"src/{project.package}/{plural}", project.features_path
    if project.is_committed(project.features_file):
        return f"git restore {features} && git clean -fdxq {source} tests/{plural}"
    return f"rm -r {source} tests/{plural} && perl -ni -e 'print unless /^    \"{plural}\",/' {features}"


def _report(project: Project, context: Mapping[str, Any], files: Mapping[str, str], undo: str) -> str:
    warning = "Every signed-in user may change and delete every row, and with it those that refer to it.\n"
    return f"""\
Added {context["many"]}:
{_tree(files)}
  {project.features_path}  (1 line)

{warning if context["who"] == "members" else ""}
uv run {project.slug} migrate  # makes the table
uv run {project.slug} check  # runs the checks

To take it back:
uv run {project.slug} migrate --to {context["notes"]}:zero  # removes the table, if it was made
{undo}"""
