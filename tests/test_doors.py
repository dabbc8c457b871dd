"""What a framework's documentation teaches works in a generated project, or its start explains what to do instead.

`doors/<framework>/` is what an owner adds: code beside the features, and a test for each door, in the words of that
documentation. The lists only grow.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.engines import with_cookiecutter
from tests.test_generated import uv

DOORS = Path(__file__).parent / "doors"
DATABASES = {"fastapi": "sqlite", "django": "sqlite", "flask": "postgres"}
# What the documentation asks to install.
PACKAGES = {"fastapi": ["jinja2", "python-multipart", "websockets"], "django": ["whitenoise"], "flask": []}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(
        "framework",
        [pytest.param(framework, marks=pytest.mark.xdist_group(f"doors-{framework}")) for framework in DATABASES],
        scope="module",
    ),
]


@pytest.fixture(scope="module")
def project(framework: str, template: Path) -> Iterator[Path]:
    """A project with the owner's code in it. Where it lies, PostgreSQL can reach it, as in test_generated.py."""
    with TemporaryDirectory(prefix="layercake-", ignore_cleanup_errors=True) as folder:
        answers = {"project_slug": "doors", "framework": framework, "database": DATABASES[framework]}
        project = with_cookiecutter(template, Path(folder), answers)
        shutil.copytree(DOORS / framework, project / "src/doors", dirs_exist_ok=True)
        shutil.move(project / "src/doors/test_doors.py", project / "tests")
        for file, code in recipes(framework, project):
            with (project / "src/doors" / file).open("a", encoding="utf-8") as module:
                module.write(f"\n{code}")
        if framework == "django":
            features = project / "src/doors/features.py"
            features.write_text(features.read_text("utf-8").replace("\n]", '\n    "shop",\n]', 1), "utf-8")
        uv(project, "sync", "--quiet")
        yield project


def recipes(framework: str, project: Path) -> list[tuple[str, str]]:
    """What an owner adds to the files that are there."""
    if framework == "fastapi":
        return [("app.py", "from .chat import router as chat\n\napp.include_router(chat)\n")]
    if framework == "django":
        shop = "from .shop.views import urlpatterns as shop\n\nurlpatterns += shop\n"
        return [("urls.py", shop), *admin_recipe(project)]
    return []


def admin_recipe(project: Path) -> list[tuple[str, str]]:
    """As the README prints it: in ten lines at most."""
    section = (project / "README.md").read_text("utf-8").partition("## Django's admin\n")[2].partition("\n## ")[0]
    found = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", section, re.DOTALL)
    assert [file for file, _ in found] == ["settings.py", "urls.py"]
    assert sum(len(code.split("\n")) - code.count("\n\n") - 1 for _, code in found) <= 10
    return found


def test_doors_are_open(framework: str, project: Path) -> None:
    extra = [word for package in PACKAGES[framework] for word in ("--with", package)]
    uv(project, "run", *extra, "pytest", "tests/test_doors.py")
