import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import release
from tools import sync


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write the trees of tests/snapshots anew")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Neither what the tests find nor what the engines remember comes from, or ends up in, somebody's home."""
    home = tmp_path_factory.mktemp("home")
    config = home / "cookiecutter.yaml"
    config.write_text(f"cookiecutters_dir: {home}/cookiecutters\nreplay_dir: {home}/replay\n")
    settings = home / "copier.yml"
    settings.write_text("{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOKIECUTTER_CONFIG", str(config))
        patch.setenv("COPIER_SETTINGS_PATH", str(settings))
        patch.setenv("COPIER_CACHE_DIR", str(home / "mirrors"))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        yield home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release as published, in a folder whose name holds a space and an accent."""
    if stale := sync.main(["--check"]):
        pytest.fail(stale)
    return release(tmp_path_factory.mktemp("published") / "Layer cåke")
