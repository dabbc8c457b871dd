"""The command that adds a resource, and what it adds."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from generator.grammar import HELP, parse
from generator.names import NAME, RESERVED_FIELDS, Refused
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.engines import QUESTIONS, git, with_cookiecutter
from tests.resources import RESOURCES, add_resource
from tests.test_body import NOT_ON_WINDOWS, branches
from tests.test_generated import ENVIRONMENT, UV, installed, uv
from tests.test_update import committed
from tools.sync import ROOT

GENERATOR = ROOT / "resource" / "{{cookiecutter.__temporary}}"
COMBINATIONS = list(product(QUESTIONS["framework"], QUESTIONS["database"]))
# The random requests take the most time. The service and the schemas are those of the other two.
TRIED_AT_RANDOM = [("django", "postgres")]
# What looks at every feature.
EVERY_FEATURE = ["contract", "migrations", "permissions", "architecture", "statements"]
PROJECTS = {"name": "project", "fields": "title:str(200)"}
INVOICES = {
    "name": "invoice",
    "fields": "number:str(20)!unique status:enum(draft,sent)=draft due_on:date? project:ref(projects)?",
}
MUTANTS: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((ROOT / "tests" / "mutants.yaml").read_text("utf-8"))

# As in tests/test_body.py: tags and conditions. Fields are lists, and an owner changes most lines.
BRANCHES = {
    "openapi.yaml": 29,
    "schemas.py": 16,
    "service.py": 46,
    "repository.py": 31,
    "models.py": 20,
    "0001_{{ notes }}.py": 20,
    "routes.py": 11,
    "api.py": 10,
    "dependencies.py": 2,
    "factories.py": 16,
    "permissions.py": 4,
    "test_api.py": 42,
    "test_queries.py": 28,
}
MAX_GENERATOR_LINES = 900
MAX_LINES = {"src": 350, "tests": 300}


class TestGrammar:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ("", "fields: a resource needs at least one field."),
            ("title", "title: write name:type"),
            ("title:", "its type has to be one of"),
            ("title:strin(3)", "its type has to be one of str, text,"),
            ("Title:str(3)", "a name is lower-case words"),
            ("a" * 21 + ":int", "at most 20 long"),
            ("class:int", "class:int: this name is taken"),
            ("date:date", "date:date: this name is taken"),
            ("a:int a:bool", "a: there are two fields of this name"),
            ("x1:int x_1:int", "X1: there are two fields of this name"),
            ("project:int project:ref(projects)", "project: there are two fields of this name"),
            ("project_id:int project:ref(projects)", "project_id: there are two fields of this name"),
            ("t:str", "say how long it may be"),
            ("t:str(0)", "the length goes from 0 to at most 10000"),
            ("t:str(9..3)", "the length goes from"),
            ("t:str(3)=toolong", "the default has to be 1 to 3 printable characters"),
            ("t:text(0)", "how long it may be at most"),
            ("t:text=x", "text has no default"),
            ("n:int(5..1)", "the range is empty"),
            ("n:int(10)", "say from where to where"),
            ("n:int(0..9999999999)", "wider than"),
            ("n:int(0..3)=9", "a whole number from 0 to 3"),
            ("n:int=\uff11", "a whole number"),
            ("r:float=nan", "the default has to be a number"),
            ("d:decimal(2)", "say digits and places"),
            ("d:decimal(16,2)", "up to 15 and 6"),
            ("d:decimal(12,7)", "up to 15 and 6"),
            ("t:str(3)!unique", "at least 4 characters"),
            ("d:decimal(4,2)=123.00", "has to be a number such as 1.50"),
            ("b:bool=yes", "the default has to be true or false"),
            ("b:bool!unique", "only str and int can be unique"),
            ("d:date=2026-01-01", "date has no default"),
            ("e:enum", "values are lower-case words"),
            ("e:enum(a)", "at least two different values"),
            ("e:enum(a-b,a_b)", "at least two different values"),
            ("e:enum(a,b)=c", "one of a, b"),
            ("t:int?=3", "either ? or a default"),
            ("p:ref", "say the table"),
            ("p:ref(projects)!unique", "only str and int can be unique"),
            ("a:int!unique b:int!unique", "b: only one field can be unique"),
            ("p:ref(projects)", "at least one field that is not a ref"),
            ("t:str(3", "write name:type"),
            ("t:str(3))", "write name:type"),
        ],
    )
    def test_what_it_does_not_know_is_refused_with_a_sentence(self, fields: str, sentence: str) -> None:
        with pytest.raises(Refused, match=re.escape(sentence)):
            parse(fields)

    @settings(derandomize=True, database=None, max_examples=1000, deadline=None)
    @given(st.lists(st.sampled_from([*"abté1_09:()?!=,.- \n\0", "!unique", "str(", "int(", "enum(", "ref(", "a:"])))
    def test_nothing_else_is_raised(self, parts: list[str]) -> None:
        try:
            parse("".join(parts))
        except Refused as refusal:
            assert str(refusal)

    def test_a_field_hides_nothing_of_pydantic(self) -> None:
        names = {name for name in dir(BaseModel) if NAME.fullmatch(name)}

        assert names - RESERVED_FIELDS == set()

    def test_the_help_fits_on_half_a_screen(self) -> None:
        lines = HELP.splitlines()

        assert len(lines) <= 12
        assert max(map(len, lines)) <= 120


@pytest.fixture(scope="module")
def bare(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is committed, with nothing installed but ruff."""
    project = with_cookiecutter(template, tmp_path_factory.mktemp("bare"), {"framework": "django"})
    (project / ".venv" / "bin").mkdir(parents=True)
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    assert ruff
    (project / ".venv" / "bin" / "ruff").symlink_to(ruff)
    return committed(project)


@pytest.fixture
def project(bare: Path) -> Iterator[Path]:
    yield bare
    git(bare, "checkout", "--quiet", ".")
    git(bare, "clean", "--quiet", "-fd")


def changed_files(project: Path) -> list[str]:
    return git(project, "status", "--porcelain", "--untracked-files=all").splitlines()


class TestCommand:
    def test_writes_two_folders_and_one_line(self, project: Path) -> None:
        result = add_resource(project, name="note", fields="title:str(200)")

        assert (result.returncode, result.stderr) == (0, "")
        assert "src/my_service/notes/migrations/0001_notes.py" in result.stdout
        first, *others = changed_files(project)
        assert first == " M src/my_service/features.py"
        assert all(re.match(r"\?\? (src/my_service|tests)/notes/\w+", line) for line in others)
        assert git(project, "diff", "--numstat").split() == ["1", "0", "src/my_service/features.py"]

    def test_prints_how_to_take_it_back(self, project: Path) -> None:
        undo = add_resource(project, name="note", fields="title:str(200)").stdout.splitlines()[-1]
        assert changed_files(project)

        subprocess.run(undo, shell=True, check=True, cwd=project)

        assert changed_files(project) == []

    def test_takes_back_only_its_own_line_of_what_is_not_committed(self, project: Path) -> None:
        add_resource(project, name="note", fields="title:str(200)")
        before = changed_files(project)

        undo = add_resource(project, name="tag", fields="name:str(20)!unique").stdout.splitlines()[-1]
        subprocess.run(undo, shell=True, check=True, cwd=project)

        assert changed_files(project) == before
        assert '"notes"' in (project / "src/my_service/features.py").read_text("utf-8")

    def test_a_dry_run_shows_all_and_writes_nothing(self, project: Path) -> None:
        result = add_resource(project, name="note", fields="title:str(200)", dry_run="yes")

        assert "+++ b/src/my_service/notes/service.py" in result.stdout
        assert '+    "notes",' in result.stdout
        assert changed_files(project) == []

    @pytest.mark.parametrize(
        ("answers", "sentence"),
        [
            ({"fields": "title:int(a)"}, "title:int(a): say from where to where"),
            ({"name": "Note"}, "Note: a name is lower-case words"),
            ({"name": "class"}, "class: this name means something to Python or pytest"),
            ({"name": "sheep", "plural": "sheep"}, "sheep has to differ from its plural"),
            ({"name": "page"}, "page: the code of a resource uses this name itself"),
            ({"name": "user"}, "src/my_service/users is there already"),
            ({"name": "session"}, "src/my_service/auth/models.py has a table sessions already"),
            ({"name": "thing", "plural": "contract"}, "tests/contract.py is there already"),
            ({"fields": "a:int owner:ref(users)"}, "No field can refer to one"),
            ({"fields": "a:int p:ref(projects)"}, "there is no projects to refer to, only nothing yet"),
            ({"fields": "a:int parent:ref(notes)"}, "can not refer to its own table"),
            ({"who": "nobody"}, "who=nobody: it is one of owner, members, public-read."),
            ({"dry_run": "maybe"}, "dry_run=maybe: it is one of no, yes."),
            ({"name": ""}, ": a name is lower-case words"),
            ({"feilds": "a:int", "fields": ""}, "fields: a resource needs at least one field."),
            ({"name": "row"}, "ROWS: the code of a resource uses this name itself"),
            ({"name": "test_run"}, "test_run: this name means something to Python or pytest"),
            ({"name": "license"}, "would not pass the project's ruff"),
            ({"fields": "host:str(60)=0.0.0.0"}, "would not pass the project's ruff"),
        ],
    )
    def test_refuses_with_a_sentence_and_the_grammar(
        self, project: Path, answers: dict[str, str], sentence: str
    ) -> None:
        result = add_resource(project, **{"name": "note", "fields": "title:str(200)", **answers})

        assert result.returncode != 0
        assert sentence in result.stderr
        assert (HELP in result.stderr and "Traceback" not in result.stderr) == bool(sentence)
        assert changed_files(project) == []
        assert not (project / ".layercake-resource").exists()

    @pytest.mark.parametrize(
        ("file", "old", "new", "sentence"),
        [
            (".copier-answers.yml", "_commit: .*", "_commit: v0.0.9", "too old for this generator"),
            (".copier-answers.yml", "_commit: .*", "_commit: v99.0.0", "`--checkout v99.0.0`, with the address"),
            (".copier-answers.yml", "framework: .*", "", "has no .copier-answers.yml that says what it is"),
            (
                "src/my_service/features.py",
                r"FEATURES = \[",
                "FEATURES = [*MORE, ",
                "features.py: FEATURES should be a list",
            ),
            ("src/my_service/features.py", r"FEATURES = ", "FEATURES: list[str] = ", ""),
            ("tests/races.py", "def meanwhile", "def at_once", "tests/races.py has no `def meanwhile(`"),
        ],
    )
    def test_refuses_a_project_that_it_does_not_know(
        self, project: Path, file: str, old: str, new: str, sentence: str
    ) -> None:
        path = project / file
        path.write_text(re.sub(old, new, path.read_text("utf-8"), count=1), "utf-8")
        before = changed_files(project)

        result = add_resource(project, name="note", fields="title:str(200)")

        assert (result.returncode != 0) == bool(sentence)
        assert sentence in result.stderr
        assert (changed_files(project) == before) == bool(sentence)

    def test_says_how_to_get_the_ruff_that_it_needs(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as environment:
            environment.setenv("UV_PROJECT_ENVIRONMENT", ".another")
            environment.setenv("PATH", "/nowhere")
            result = add_resource(project, name="note", fields="title:str(200)")

        assert "The project's ruff is missing" in result.stderr
        assert changed_files(project) == []

    def test_outside_of_a_project_there_is_nothing_to_add_to(self, tmp_path: Path) -> None:
        result = add_resource(tmp_path, name="note", fields="title:str(200)")

        assert "is not a project of Layercake's" in result.stderr
        assert list(tmp_path.iterdir()) == []


def test_it_has_the_release_of_the_template() -> None:
    first, second = (json.loads((ROOT / path / "cookiecutter.json").read_text("utf-8")) for path in (".", "resource"))

    assert first["_release"] == second["_release"]


class TestSize:
    def test_of_the_generator(self) -> None:
        files = GENERATOR.glob("generator/*.py")

        assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= MAX_GENERATOR_LINES

    @pytest.mark.parametrize("fields", ["title:str(200) body:text? status:enum(draft,done)=draft"])
    def test_of_what_it_writes(self, project: Path, fields: str) -> None:
        add_resource(project, name="note", fields=fields)

        for part, most in MAX_LINES.items():
            files = [path for path in (project / part).glob("**/notes/**/*") if path.is_file()]
            assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= most


class TestTemplates:
    """As tests/test_body.py, of the files that become those of a resource."""

    FILES: ClassVar = [path for path in sorted((GENERATOR / "body").rglob("*")) if path.is_file()]

    def test_lie_in_the_layers_of_the_body(self) -> None:
        layers = {path.relative_to(GENERATOR / "body").parts[0] for path in self.FILES}

        assert layers == {"common", "sqlalchemy", "fastapi", "flask", "django"}

    def test_are_plain_text_under_legal_names(self) -> None:
        for path in self.FILES:
            content = path.read_bytes()
            assert b"\r" not in content
            assert re.search(rb"(^|[^\n]\n)\Z", content), path
            assert not any(NOT_ON_WINDOWS.search(part) for part in path.relative_to(GENERATOR).parts)

    def test_keep_the_jinja_budget(self) -> None:
        """Of each file of a name, in whatever layer."""
        counts = [(path.name, branches(path.read_text("utf-8"))) for path in self.FILES]

        assert [(name, count) for name, count in counts if count > BRANCHES.get(name, 0)] == []


@contextmanager
def with_resources(
    template: Path, framework: str, database: str, resources: Sequence[Mapping[str, str]]
) -> Iterator[Path]:
    with installed(template, {"framework": framework, "database": database}) as project:
        for resource in resources:
            result = add_resource(project, **resource)
            assert result.returncode == 0, result.stderr
        yield project


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "database"), COMBINATIONS)
def test_ten_resources_pass_all_checks(framework: str, database: str, template: Path) -> None:
    with with_resources(template, framework, database, RESOURCES) as project:
        folders = sorted(
            path.parent.relative_to(project).as_posix() for path in project.glob("tests/*/test_queries.py")
        )
        assert len(folders) == len(RESOURCES)

        for check in ("ruff format --check", "ruff check", "mypy", "lint-imports"):
            uv(project, "run", *check.split())
        uv(project, "run", "pytest", *folders, *(f"tests/test_{name}.py" for name in EVERY_FEATURE))
        if (framework, database) in TRIED_AT_RANDOM:
            uv(project, "run", "pytest", "tests/test_properties.py")


def mutants(framework: str) -> dict[str, dict[str, str]]:
    """Flask has the service and the queries of FastAPI, and the same tests."""
    layers = {"fastapi": ["common", "sqlalchemy", "fastapi"], "django": ["common", "django"], "flask": ["flask"]}
    return {name: mutant for layer in layers[framework] for name, mutant in MUTANTS[layer].items()}


@pytest.mark.slow
@pytest.mark.parametrize("framework", QUESTIONS["framework"])
def test_each_mutant_is_found(framework: str, template: Path) -> None:
    with with_resources(template, framework, "postgres", [PROJECTS, INVOICES]) as project:
        uv(project, "run", "pytest", "tests/invoices")

        survivors = [name for name, mutant in mutants(framework).items() if survives(project, dict(mutant))]

    assert survivors == []


def survives(project: Path, mutant: dict[str, str]) -> bool:
    new, test = mutant.pop("is"), mutant.pop("by")
    [(name, old)] = mutant.items()
    path = project / "src" / "my_service" / "invoices" / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} has no {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
    command = [UV, "run", "pytest", "-x", "tests/invoices", "-k", test]
    try:
        result = subprocess.run(command, cwd=project, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    finally:
        path.write_text(text, "utf-8")
    assert result.returncode in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}, result.stdout
    return result.returncode == pytest.ExitCode.OK
