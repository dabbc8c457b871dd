"""Adds a resource: renders its files in memory, then refuses or writes them."""

import ast
import difflib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from keyword import iskeyword
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jinja2

from .fields import Field, Ref, yaml_word
from .grammar import HELP, parse
from .names import MAX_LENGTH, NAME, RESERVED_RESOURCES, Refused, article, camel, plural_of
from .project import Project

BODY = Path(__file__).parent.parent / "body"
LAYERS = {
    "fastapi": ["common", "sqlalchemy", "fastapi"],
    "flask": ["common", "sqlalchemy", "flask"],
    "django": ["common", "django"],
}
WHO = ("owner", "members", "public-read")
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
    if answers["dry_run"] is True or str(answers["dry_run"]).lower() in {"true", "yes", "y", "1"}:
        return _preview(project, files, features)
    undo = _undo(project, context["notes"])
    write(root, files | {project.features_file.relative_to(root).as_posix(): features})
    return _report(project, context, files, undo)


def context_of(project: Project, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates know."""
    name, plural = answers["name"].strip(), answers["plural"].strip()
    plural = plural or plural_of(name)
    who = answers["who"]
    if who not in WHO:
        raise Refused(f"who={who}: it is one of {', '.join(WHO)}.")
    _check_name(project, name, plural)
    fields = parse(answers["fields"])
    is_owned = who == "owner"
    for field in fields:
        if field.name in {name, plural}:
            raise Refused(f"{field.name}: a field can not be called as its resource.")
        if field.type_name(camel(name)) in {f"{camel(name)}{suffix}" for suffix in ("Read", "Change", "Query", "Page")}:
            raise Refused(f"{field.name}: {field.type_name(camel(name))} would be two things. Choose another name.")
        if isinstance(field, Ref):
            _find_target(project, field, plural, is_owned=is_owned)
    refs = [field for field in fields if isinstance(field, Ref)]
    filters = [field for field in fields if field.is_filter]
    depends_on = {feature: project.latest_migration(feature) for feature in _depends_on(refs, is_owned=is_owned)}
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
        "filters": filters,
        "unique": next((field for field in fields if field.unique), None),
        "who": who,
        "owned": is_owned,
        "is_open": who == "public-read",
        "writer": "admin" if who == "public-read" else "alice",
        "indexes": _indexes(filters, is_owned=is_owned),
        "depends_on": depends_on,
        "kinds": {field.kind for field in fields},
    }


def _check_name(project: Project, name: str, plural: str) -> None:
    for word in (name, plural):
        if not NAME.fullmatch(word) or len(word) > MAX_LENGTH["resource"]:
            limit = MAX_LENGTH["resource"]
            raise Refused(f"{word}: a name is words of lower-case letters and digits joined by _, at most {limit} long.")
        if iskeyword(word) or word in RESERVED_RESOURCES:
            raise Refused(f"{word}: this is a word of Python or SQL. Choose another name.")
    if name == plural:
        raise Refused(f"{name} has to differ from its plural: say which one, with plural=<name>.")
    for path in (project.source / plural, project.root / "tests" / plural):
        for taken in (path, path.with_suffix(".py")):
            if taken.exists():
                raise Refused(f"{taken.relative_to(project.root).as_posix()} is there already.")
    if plural in project.features:
        raise Refused(f"{project.features_file.relative_to(project.root).as_posix()} names {plural} already.")
    if plural in project.tables:
        raise Refused(f"src/{project.package}/{project.tables[plural].feature}/models.py has a table {plural} already.")
    schemas = (camel(name) + suffix for suffix in ("Read", "Change", "Page"))
    operations = (f"{verb}_{name}" for verb in ("create", "read", "change", "delete"))
    paths = f"/api/v1/{plural.replace('_', '-')}"
    if taken := project.is_contracted(f"New{camel(name)}", *schemas, f"list_{plural}", *operations, paths):
        raise Refused(f"{name}: {taken} Choose another name.")


def _find_target(project: Project, ref: Ref, plural: str, *, is_owned: bool) -> None:
    known = {name: table for name, table in project.tables.items() if project.makes(table) and table.feature != "users"}
    if ref.table not in known:
        if ref.table == plural:
            raise Refused(f"{ref.word}: a row can not refer to another one of its own table. Add this by hand afterwards.")
        if ref.table in project.tables and ref.table != "users":
            table = project.tables[ref.table]
            raise Refused(
                f"{ref.word}: tests/{table.feature}/permissions.py has no function {table.name}_id that makes a row. Add it"
                " to PATH_IDS."
            )
        raise Refused(f"{ref.word}: there is no {ref.table} to refer to, only {', '.join(sorted(known)) or 'nothing yet'}.")
    ref.target = known[ref.table]
    if ref.target.is_owned and not is_owned:
        raise Refused(f"{ref.word}: {ref.table} belong to their users, so what refers to them has to: who=owner.")


def _depends_on(refs: list[Ref], *, is_owned: bool) -> list[str]:
    return sorted({*(["users"] if is_owned else []), *(ref.target.feature for ref in refs)})


def _indexes(filters: list[Field], *, is_owned: bool) -> list[list[tuple[str, str]]]:
    """Of each, the columns and what Django calls them. Each column that refers to others begins one, which their removal
    follows; what belongs to a row of a user belongs to the user as well.
    """
    owner, last = [("user_id", "user")] * is_owned, ("id", "id")
    indexes = [[*owner, last]] * is_owned
    for field in filters:
        column = (field.column, field.name)
        if isinstance(field, Ref):
            indexes += [[*owner, column, last]] * (is_owned and not field.target.is_owned) + [[column, last]]
        else:
            indexes.append([*owner, column, last])
    return indexes


def index_name(plural: str, columns: list[str]) -> str:
    """For Django, which allows 30 characters."""
    name = f"ix_{plural}_{'_'.join(columns)}"
    if len(name) <= DJANGO_INDEX_LENGTH:
        return name
    return f"{name[: DJANGO_INDEX_LENGTH - 7]}_{sha256(name.encode()).hexdigest()[:6]}"


def render(project: Project, context: Mapping[str, Any]) -> dict[str, str]:
    """The text of each file, by its path in the project."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(BODY),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"camel": camel, "article": article, "bool": bool, "suffixed": str.__add__, "yaml": yaml_word}
    environment.globals["index_name"] = index_name
    files = {}
    for layer in LAYERS[project.framework]:
        for template in sorted((BODY / layer).rglob("*")):
            if template.is_file():
                path = template.relative_to(BODY / layer).as_posix()
                target = environment.from_string(path).render(context)
                files[target] = environment.get_template(f"{layer}/{path}").render(context)
    return files


def _refuse_names_in_use(project: Project, context: Mapping[str, Any]) -> None:
    """A resource called page would hide `Page` of core/pagination.py: no name may be one that its code uses."""
    stand_in = {"note": "zz", "notes": "zzs", "Note": "Zz", "Notes": "Zzs"}
    files = render(project, {**context, **stand_in})
    used = {name for path, text in files.items() if path.endswith(".py") for name in _names_in(text)}
    for key in stand_in:
        if context[key] in used:
            raise Refused(f"{context[key]}: the code of a resource uses this name itself. Choose another one.")


def _names_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        for key in ("id", "arg", "name", "asname"):
            if isinstance(name := getattr(node, key, None), str):
                yield name


def tidied(project: Project, files: Mapping[str, str]) -> dict[str, str]:
    """As the project's own ruff formats them, without the imports that this resource does not need."""
    ruff = shutil.which("ruff", path=str(project.root / ".venv" / "bin")) or shutil.which(
        "ruff", path=str(project.root / ".venv" / "Scripts")
    )
    if ruff is None:
        raise Refused("The project's ruff is missing, which formats what is written. Run `uv sync` first.")
    with TemporaryDirectory() as folder:
        write(Path(folder), files)
        first_party = f'lint.isort.known-first-party=["{project.package}"]'  # The rest of the package is not there.
        config = ["--config", str(project.root / "pyproject.toml"), "--config", first_party, "--no-cache"]
        for command in (["check", "--quiet", "--fix", "--select=I,F401"], ["format", "--quiet"]):
            done = subprocess.run([ruff, *command, *config], cwd=folder, capture_output=True, text=True)
            if done.returncode != 0:
                raise Refused(f"The project's ruff refuses the code: {done.stdout}{done.stderr}")
        return {path: Path(folder, path).read_text("utf-8") for path in files}


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="\n")


def _preview(project: Project, files: Mapping[str, str], features: str) -> str:
    before = project.features_file.read_text("utf-8").splitlines(keepends=True)
    name = project.features_file.relative_to(project.root).as_posix()
    diffs = [_diff(name, before, features), *(_diff(path, [], text) for path, text in files.items())]
    return "\n".join(["Would write", *_tree(files), f"Would change {name}", "", *diffs])


def _diff(path: str, before: list[str], after: str) -> str:
    lines = after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, lines, f"a/{path}" if before else "/dev/null", f"b/{path}"))


def _tree(files: Mapping[str, str]) -> list[str]:
    return [f"  {path}  ({len(text.splitlines())} lines)" for path, text in files.items()]


def _undo(project: Project, plural: str) -> str:
    source, features = f"src/{project.package}/{plural}", project.features_file.relative_to(project.root).as_posix()
    if project.is_committed(project.features_file):
        return f"git restore {features} && git clean -fdq {source} tests/{plural}"
    return f"rm -r {source} tests/{plural}  # and remove the line \"{plural}\" from {features}"


def _report(project: Project, context: Mapping[str, Any], files: Mapping[str, str], undo: str) -> str:
    warning = "\nEvery signed-in user may change and delete every row.\n" if context["who"] == "members" else ""
    features = project.features_file.relative_to(project.root).as_posix()
    return "\n".join(
        [
            f"Added {context['many']}:",
            *_tree(files),
            f"  {features}  (1 line)",
            warning,
            f"uv run {project.slug} migrate  # makes the table",
            f"uv run {project.slug} check  # runs all checks",
            f"{undo}  # takes it back",
        ]
    )
