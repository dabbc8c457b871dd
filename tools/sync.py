"""Keeps what follows from the rest of the repository in step with it.

    uv run tools/sync.py          write copier.yml, and the list `_copy_without_render` in cookiecutter.json
    uv run tools/sync.py --check  write nothing; fail when one of them is out of step

cookiecutter.json is the only place where the questions and their rules are written. copier.yml says the same in
copier's words: a question keeps its default, a rule becomes a validator, and the last, hidden question `cookiecutter`
computes what the body calls `cookiecutter.<name>`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BODY = "{{cookiecutter.__folder}}"
ANSWERS_FILE = "{{cookiecutter.__answers_file}}"  # copier's own: cookiecutter leaves it to hooks/post_gen_project.py
NOT_FOR_THE_BODY = {"__prompts__", "__reserved", "__slug", "__folder"}
REFERENCE = re.compile(r"\bcookiecutter\.(\w+)")
JINJA = re.compile(r"\{\{|\{%|\{#")

HEADER = """\
# Generated from cookiecutter.json by tools/sync.py: change it there, then run `uv run tools/sync.py`.
"""

NEXT_STEPS = """\

cd {{ '"%s"' % _copier_conf.dst_path if ' ' in _copier_conf.dst_path | string else _copier_conf.dst_path }}
uv run {{ project_slug }} dev  # starts it
uv run pytest  # runs its tests
"""

AFTER_UPDATE = """\

git diff  # what the update changed; `<<<<<<<` marks what only you can settle
uv run pytest  # proves it
{% set notes %}{% include 'CHANGELOG.md' ignore missing %}{% endset %}
{% for release in notes.split('\\n## ')[1:2] -%}
## {{ release | trim }}
{% endfor -%}
"""

VALIDATOR = """\
{% for rule in rules if 'NAME' in rule.questions and NAME | regex_search(rule.refused) is not none -%}
{% if loop.first %}{{ rule.sentence.replace('<question>', 'LABEL') }}{% endif %}
{%- endfor %}"""

RESERVED = """\
{%- else -%}
{% set package = project_slug.replace('-', '_') -%}
{% for reason, lines in reserved.items() if package in (lines | join(' ')).split() -%}
The project slug must not be {{ project_slug }}: {{ package }} is {{ reason }}.
{%- endfor %}
"""

type Settings = dict[str, Any]


def main(arguments: list[str]) -> str | None:
    files = generated(ROOT)
    stale = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" not in arguments:
        for path in stale:
            path.write_text(files[path], "utf-8", newline="\n")
    elif stale:
        return f"Out of step: {', '.join(path.name for path in stale)}. Run `uv run tools/sync.py`."
    return None


def generated(root: Path) -> dict[Path, str]:
    """Every file that this tool keeps, with the text that it should have."""
    settings: Settings = json.loads((root / "cookiecutter.json").read_text("utf-8"))
    settings["_copy_without_render"] = sorted(copied(body_files(root)))
    return {
        root / "cookiecutter.json": json.dumps(settings, indent=2, ensure_ascii=False) + "\n",
        root / "copier.yml": HEADER
        + yaml.dump(copier(settings), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120),
    }


def body_files(root: Path) -> dict[str, str]:
    """The files of the body that git knows or would add, by their paths in it."""
    listing = subprocess.check_output(
        ["git", "ls-files", "-zco", "--exclude-standard", "--", BODY], cwd=root, text=True
    )
    paths = [root / path for path in listing.split("\0") if path]
    return {path.relative_to(root / BODY).as_posix(): path.read_text("utf-8") for path in paths if path.exists()}


def copied(files: dict[str, str]) -> set[str]:
    """What cookiecutter may copy without a look inside: files without Jinja, in whole folders where it can.

    A folder is copied with everything in it, so no name in it may hold Jinja either.
    """
    plain = {path for path, text in files.items() if not JINJA.search(text)} | (files.keys() & {ANSWERS_FILE})

    def is_plain(folder: str) -> bool:
        inside = [path for path in files if path.startswith(folder)]
        return all(path in plain and not JINJA.search(path.removeprefix(folder)) for path in inside)

    folders = {path: [path[: slash.end()] for slash in re.finditer("/", path)] for path in plain}
    return {next(filter(is_plain, folders[path]), path).rstrip("/") for path in plain}


def copier(settings: Settings) -> Settings:
    questions = [name for name in settings if not name.startswith("_")]
    return {
        "_min_copier_version": "9.15.0",
        "_subdirectory": f"{{% raw %}}{BODY}{{% endraw %}}",
        "_templates_suffix": "",
        "_envops": {"undefined": "jinja2.StrictUndefined"},
        "_skip_if_exists": settings["_skip_if_exists"],
        "_message_after_copy": NEXT_STEPS,
        "_message_after_update": AFTER_UPDATE,
        **{data: {"type": "yaml", "when": False, "default": settings[f"_{data}"]} for data in ("rules", "reserved")},
        **{name: question(name, settings) for name in questions},
        "cookiecutter": {"type": "json", "when": False, "default": namespace(questions, settings)},
    }


def question(name: str, settings: Settings) -> Settings:
    default, prompt = settings[name], settings["__prompts__"][name]
    if isinstance(default, list):
        labels = {prompt[choice]: choice for choice in default}
        return {"type": "str", "help": prompt["__prompt__"], "choices": labels, "default": default[0]}
    return {
        "type": "str",
        "help": prompt,
        "default": in_copier(default, settings),
        "validator": validator(name),
    }


def validator(name: str) -> str:
    """Says the first rule that an answer breaks, as hooks/pre_gen_project.py does."""
    template = VALIDATOR.replace("NAME", name).replace("LABEL", name.replace("_", " "))
    return template.replace("{%- endfor %}", RESERVED + "{%- endfor %}") if name == "project_slug" else template


def namespace(questions: list[str], settings: Settings) -> str:
    derived = [name for name in settings if name.startswith("__") and name not in NOT_FOR_THE_BODY]
    entries = "".join(f'\n  "{name}": cookiecutter.{name},' for name in [*questions, *derived])
    return in_copier("{{ {" + entries + "\n} | tojson }}", settings)


def in_copier(template: str, settings: Settings) -> str:
    """The same template for copier: an answer has no prefix, a derived value is computed in place."""
    sets = "".join(
        f"{{% set {name} %}}{without_prefix(derived(name, settings))}{{% endset -%}}\n"
        for name in needed(template, settings)
    )
    return sets + without_prefix(template)


def needed(template: str, settings: Settings) -> list[str]:
    """The derived values that a template asks for, also by way of others, in the order of cookiecutter.json."""
    names = {name for name in REFERENCE.findall(template) if name.startswith("__")}
    names |= {name for found in names for name in needed(derived(found, settings), settings)}
    return [name for name in settings if name in names]


def derived(name: str, settings: Settings) -> str:
    """A chosen layer renders to the project itself, one that is not to nothing, which copier takes for: skip it."""
    if name == "__answers_file":
        return "{{ _copier_conf.answers_file }}"
    return re.sub(r"\.unused/\w+", "", re.sub(r"\.layers/\w+", ".", settings[name]))


def without_prefix(template: str) -> str:
    return REFERENCE.sub(lambda reference: re.sub("^_(?!_)", "", reference[1]), template)


class Dumper(yaml.SafeDumper):
    """Writes longer templates line by line, as a person would."""


Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
