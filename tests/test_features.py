"""An owner adds a feature by hand, passes all checks, and removes it again: notes, which belong to whoever wrote them.

`tests/features/` holds what the owner writes: folders that mirror a project, one for each layer.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_generated import installed, uv

NOTES = Path(__file__).parent / "features"
LAYERS = {
    "fastapi": ["common", "sqlalchemy", "fastapi"],
    "flask": ["common", "sqlalchemy", "flask"],
    "django": ["common", "django"],
}
DATABASES = {"fastapi": "postgres", "flask": "sqlite", "django": "sqlite"}
WITHOUT_OWNER = {".where(Note.user_id == user_id)": "", ".filter(user_id=user_id).order_by": ".order_by"}
MOST_FILES, MOST_LINES = 12, 300  # with the line in features.py


def written_by_hand(framework: str) -> dict[str, Path]:
    """The files of the feature, each by its path in the project."""
    return {
        path.relative_to(NOTES / layer).as_posix(): path
        for layer in LAYERS[framework]
        for path in sorted((NOTES / layer).rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("framework", LAYERS)
def test_a_feature_is_small(framework: str) -> None:
    files = written_by_hand(framework).values()
    lines = [line for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]

    assert len(files) + 1 <= MOST_FILES
    assert len(lines) + 1 <= MOST_LINES


@pytest.fixture
def project(request: pytest.FixtureRequest, template: Path) -> Iterator[Path]:
    framework: str = request.param
    with installed(template, {"framework": framework, "database": DATABASES[framework]}) as project:
        yield project


def list_features(project: Path, old: str, new: str) -> None:
    features = project / "src/my_service/features.py"
    text = features.read_text("utf-8")
    assert old in text
    features.write_text(text.replace(old, new), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("framework", "project"),
    [pytest.param(name, name, marks=pytest.mark.xdist_group(f"feature-{name}")) for name in LAYERS],
    ids=list(LAYERS),
    indirect=["project"],
)
def test_a_feature_is_added_and_removed(framework: str, project: Path) -> None:
    for path, source in written_by_hand(framework).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, project / path)
    list_features(project, '    "users",\n', '    "users",\n    "notes",\n')

    uv(project, "run", "my-service", "make-migration", "notes", "notes")
    uv(project, "run", "my-service", "migrate")
    uv(project, "run", "my-service", "check")
    uv(project, "run", "pytest", "tests/test_properties.py", "tests/test_statements.py")

    repository = project / "src/my_service/notes/repository.py"
    text = repository.read_text("utf-8")
    for owned, shared in WITHOUT_OWNER.items():
        repository.write_text(repository.read_text("utf-8").replace(owned, shared), "utf-8")
    with pytest.raises(AssertionError, match="list_notes shows Bob what belongs to Alice"):
        uv(project, "run", "pytest", "tests/test_permissions.py")
    repository.write_text(text, "utf-8")

    uv(project, "run", "my-service", "migrate", "--to", "notes:zero")
    for folder in ("src/my_service/notes", "tests/notes"):
        shutil.rmtree(project / folder)
    list_features(project, '    "notes",\n', "")

    assert "notes" not in uv(project, "run", "my-service", "migrate")
    uv(project, "run", "pytest", *(f"tests/test_{name}.py" for name in ("contract", "migrations", "permissions")))
