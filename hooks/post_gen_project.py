"""Stacks the chosen layers into one project, writes the answers that `copier update` reads, and says what comes next.

Runs in the new project, with nothing but Python at hand: without git the release stands in for the version.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from shutil import rmtree, which
from subprocess import DEVNULL, SubprocessError, check_output

CONTEXT = json.loads(r"""{{ cookiecutter | tojson }}""")


def leave_out_features(layer: str) -> None:
    """Those that no answer asks for."""
    for folder, subfolders, _ in os.walk(layer):
        for unused in [name for name in subfolders if name.startswith(".unused_")]:
            rmtree(os.path.join(folder, unused))
            subfolders.remove(unused)


def obstacles(layer: str, under: str = "") -> Iterator[str]:
    """What an older project has in a layer's place. Through a linked folder, files would land outside the project."""
    for entry in os.scandir(os.path.join(layer, under)):
        path = os.path.join(under, entry.name)
        if entry.is_dir():
            if os.path.islink(path) or os.path.isfile(path):
                yield f"{path} must be a folder, not a link or a file."
            else:
                yield from obstacles(layer, path)
        elif os.path.isdir(path) and not os.path.islink(path):
            yield f"{path} must be a file, not a folder."


def stack(layer: str, under: str = "") -> None:
    """Move a layer into the project. Over an older one (`cookiecutter -f`), what is the owner's stays."""
    for entry in list(os.scandir(os.path.join(layer, under))):
        path = os.path.join(under, entry.name)
        if entry.is_dir() and os.path.isdir(path):
            stack(layer, path)
        elif not (os.path.exists(path) and is_the_owners(path)):
            os.replace(entry.path, path)


def is_the_owners(path: str) -> bool:
    return any(fnmatch("/" + path.replace(os.sep, "/"), pattern) for pattern in CONTEXT["_owners_files"])


def origin() -> tuple[str, str]:
    """The template as copier finds it again, and the version of it."""
    typed, folder = CONTEXT["_template"], absolute(CONTEXT["_repo_dir"])
    source, version = absolute(typed), "v" + CONTEXT["_release"]
    if os.path.exists(os.path.join(folder, ".git")):
        version = git(folder, "describe", "--tags", "--always") or version
        if typed != CONTEXT["_repo_dir"]:
            source = copier_url(git(folder, "remote", "get-url", "origin") or typed)
    return source, version


def absolute(path: str) -> str:
    """A template's path is as it was typed, in a folder that only the output folder and the shell give away."""
    start = CONTEXT["_output_dir"]
    parents = [start]
    while start != (start := os.path.dirname(start)):
        parents.append(start)
    for parent in [*parents, os.environ.get("PWD") or start]:
        candidate = os.path.normpath(os.path.join(parent, path))
        if os.path.isfile(candidate) or os.path.isfile(os.path.join(candidate, "cookiecutter.json")):
            return candidate
    return path


def git(folder: str, *arguments: str) -> str:
    with suppress(OSError, SubprocessError):
        return check_output(["git", "-C", folder, *arguments], stderr=DEVNULL, text=True).strip()
    return ""


def copier_url(url: str) -> str:
    """Without a password, and in the words that tell copier that it is git."""
    url = re.sub(r"^(https?://)[^/@]*@", r"\1", url)
    known = url.endswith(".git") or url.startswith(
        ("git@", "git://", "git+", "https://github.com/", "https://gitlab.com/")
    )
    return url if known else "git+" + url


def write_answers(layer: str) -> None:
    source, version = origin()
    answers = {"_commit": version, "_src_path": source}
    answers |= {question: answer for question, answer in CONTEXT.items() if not question.startswith("_")}
    with open(CONTEXT["__answers_file"], encoding="utf-8") as template:
        comment = template.readline()
    with open(os.path.join(layer, ".copier-answers.yml"), "w", encoding="utf-8", newline="\n") as file:
        file.write(comment)
        for question, answer in sorted(answers.items()):
            file.write(f"{question}: {json.dumps(answer, ensure_ascii=False)}\n")


def say_what_comes_next() -> None:
    project, shell = os.getcwd(), os.environ.get("PWD", "")
    folder = os.path.relpath(project, shell) if shell and project.startswith(os.path.join(shell, "")) else project
    if " " in folder:
        folder = f'"{folder}"'
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    print(f"cd {folder}")
    print(f"uv run {CONTEXT['project_slug']} dev  # starts it")
    print("uv run pytest  # runs its tests")
    if not which("uv"):
        print("These need uv, which is not installed yet: https://docs.astral.sh/uv/")


write_answers(CONTEXT["__common"])
layers = [entry.path for entry in os.scandir(".layers")]
for layer in layers:
    leave_out_features(layer)
sentences = {sentence for layer in layers for sentence in obstacles(layer)}
if not sentences:
    for layer in layers:
        stack(layer)
rmtree(".layers")
rmtree(".unused")
if sentences:
    sys.exit("\n".join(sorted(sentences)))
say_what_comes_next()
