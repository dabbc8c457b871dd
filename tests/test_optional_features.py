"""Features that an answer adds come to a living project, and go again. The shop goes as the README says."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import commit, git
from tests.test_features import list_features, written_by_hand
from tests.test_generated import ENVIRONMENT, installed, uv
from tests.test_update import committed, features, update

SHOP = ["cart", "catalog", "idempotency", "orders", "payments"]
AUTHOR = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "Alice"), ("EMAIL", "alice@example.com"))
}


@pytest.fixture
def project(template: Path) -> Iterator[Path]:
    """With a feature and a migration of the owner's."""
    with installed(template, {"framework": "flask", "database": "sqlite"}) as project:
        for path, source in written_by_hand("flask").items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, project / path)
        list_features(project, '    "users",\n', '    "users",\n    "notes",\n')
        uv(project, "run", "my-service", "make-migration", "notes", "notes")
        uv(project, "run", "my-service", "migrate")
        yield committed(project)


@pytest.mark.slow
def test_the_shop_comes_and_goes(project: Path) -> None:
    update(project, example="shop")
    commit(project, "shop")

    assert features(project) == ["auth", "events", "jobs", "mail", *SHOP, "telemetry", "users", "notes"]
    assert "payments_0001" in uv(project, "run", "my-service", "migrate")
    uv(project, "run", "my-service", "check")

    recipe = (project / "README.md").read_text("utf-8").partition("To remove the shop")[2].partition("\n## ")[0]
    commands = re.findall(r"^   ```sh\n(.*?)^   ```", recipe, re.DOTALL | re.MULTILINE)
    undo_migrations, remove_folders = commands
    subprocess.run(["bash", "-euc", undo_migrations], cwd=project, env=ENVIRONMENT, check=True)
    list_features(project, "".join(f'    "{feature}",\n' for feature in SHOP), "")
    subprocess.run(["bash", "-euc", remove_folders], cwd=project, env=ENVIRONMENT | AUTHOR, check=True)
    uv(project, "run", "my-service", "check")

    update(project, example="none")
    commit(project, "nothing of it")

    update(project)

    assert features(project) == ["auth", "events", "jobs", "mail", "telemetry", "users", "notes"]
    assert not re.findall(rf"^.*/(?:{'|'.join(SHOP)})/.*$", git(project, "ls-files"), re.MULTILINE)
    assert "PAYMENT_WEBHOOK_SECRET" not in (project / "README.md").read_text("utf-8")
    uv(project, "run", "my-service", "check")


@pytest.mark.slow
def test_oauth_and_webhooks_come_and_go(project: Path) -> None:
    update(project, oauth=True, webhooks=True)
    commit(project, "oauth and webhooks")

    added = ["oauth", "webhooks"]
    assert features(project) == ["auth", "events", "jobs", "mail", *added, "telemetry", "users", "notes"]
    migrated = uv(project, "run", "my-service", "migrate")
    assert all(f"{feature}_0001" in migrated for feature in added)
    uv(project, "run", "my-service", "check")

    for feature in added:
        uv(project, "run", "my-service", "migrate", "--to", f"{feature}:zero")
    commit(project, "uv.lock")
    update(project, oauth=False, webhooks=False)
    assert features(project) == ["auth", "events", "jobs", "mail", "telemetry", "users", "notes"]
    assert not re.findall(r"oauth|webhook", (project / "README.md").read_text("utf-8"), re.IGNORECASE)
    uv(project, "run", "my-service", "check")
