"""What it costs to generate a project and to update it, with the engines as they are and with `tools/patches/`.

    uv run tools/generation.py [--rounds 5]

Of the newest commit. The unit is CPU seconds of the engine and its child processes. The start of the engine is
subtracted, except for `copier update`. In each round the engines as they are and the patched ones take turns.
"""

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PATCHES = ROOT / "tools" / "patches"
README = "{{cookiecutter.__folder}}/{{cookiecutter.__common}}/README.md"
COPIER = [sys.executable, "-m", "copier"]
CONFIG = ["user.name=Alice", "user.email=alice@example.com", "commit.gpgSign=false", "tag.gpgSign=false"]
# Nobody's own defaults, and compiled modules for the patched engines, too.
LEFT_OUT = {"COPIER_SETTINGS_PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    with TemporaryDirectory() as name:
        folder = Path(name)
        template = two_releases(folder / "template")
        (folder / "settings.yml").write_text("{}")
        environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        environment["COPIER_SETTINGS_PATH"] = str(folder / "settings.yml")
        variants = {
            "as they are": environment,
            "patched": environment | {"PYTHONPATH": str(patched(folder / "engines"))},
        }
        project = folder / "project"
        copier(template, project, "v0.0.1", environment)
        committed(project)
        costs: dict[str, dict[str, list[float]]] = {variant: {} for variant in variants}
        for number in range(rounds + 1):  # The first one warms up.
            for variant, environment in variants.items():
                for operation, cost in costs_of(template, project, folder / variant, environment).items():
                    if number:
                        costs[variant].setdefault(operation, []).append(cost)
        compare(*(folder / variant for variant in variants))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {rounds} rounds\n")
    print(f"| CPU seconds: median (min to max) | {' | '.join(variants)} |\n| --- | --- | --- |")
    for operation in costs["patched"]:
        cells = [spread(of_variant[operation]) for of_variant in costs.values()]
        print(f"| {operation} | {' | '.join(cells)} |")


def compare(one: Path, other: Path) -> None:
    """A patch must not change what is generated."""
    for folder in (one, other):
        shutil.rmtree(folder / "updated" / ".git")
    subprocess.run(["git", "diff", "--no-index", "--stat", str(one), str(other)], check=True)


def spread(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def costs_of(template: Path, project: Path, out: Path, environment: dict[str, str]) -> dict[str, float]:
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(project, out / "updated", symlinks=True)
    cookiecutter = [sys.executable, "-m", "cookiecutter"]
    generate = [*cookiecutter, str(template), "--no-input", "--default-config", "--output-dir", str(out)]
    update = [*COPIER, "update", "--defaults", "--quiet", "--vcs-ref", "v0.0.2"]
    return {
        "cookiecutter": cpu(generate, environment) - cpu([*cookiecutter, "--version"], environment),
        "copier copy": copier(template, out / "copied", "v0.0.2", environment)
        - cpu([*COPIER, "--version"], environment),
        "copier update": cpu(update, environment, out / "updated"),
    }


def copier(template: Path, project: Path, version: str, environment: dict[str, str]) -> float:
    copy = [*COPIER, "copy", "--defaults", "--quiet", "--vcs-ref", version, str(template), str(project)]
    return cpu(copy, environment)


def cpu(command: Sequence[str], environment: dict[str, str], folder: Path | None = None) -> float:
    """Seconds, those of its children among them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def two_releases(template: Path) -> Path:
    """They differ by a line of the README."""
    git(ROOT, "clone", "--quiet", "--no-tags", ".", str(template))
    git(template, "tag", "v0.0.1")
    with (template / README).open("a", encoding="utf-8") as readme:
        readme.write("\nA line of the next release.\n")
    git(template, "commit", "--all", "--quiet", "--message", "next")
    git(template, "tag", "v0.0.2")
    return template


def committed(project: Path) -> None:
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "generated")


def git(folder: Path, *arguments: str) -> None:
    options = [word for setting in CONFIG for word in ("-c", setting)]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True)


def patched(folder: Path) -> Path:
    """A copy of the installed engines with the patches, each of which is for one version."""
    folder.mkdir()
    git(folder, "init", "--quiet")  # Inside of a repository, git would skip what is not in it, without a word.
    for patch in PATCHES.glob("*.patch"):
        engine, _, patched_version = patch.stem.partition("-")
        if version(engine) != patched_version:
            raise SystemExit(f"{patch.name} is not for {engine} {version(engine)}.")
        spec = find_spec(engine)
        assert spec and spec.submodule_search_locations
        shutil.copytree(spec.submodule_search_locations[0], folder / engine)
        git(folder, "apply", str(patch))
    return folder


if __name__ == "__main__":
    main()
