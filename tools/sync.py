"""Generates copier.yml from cookiecutter.json, the only place where the questions and their rules are written.

    uv run tools/sync.py          write it
    uv run tools/sync.py --check  write nothing; fail when it is out of step

copier.yml says the same in copier's words: a question keeps its default, a rule becomes a validator, and the last,
hidden question `cookiecutter` computes what the body calls `cookiecutter.<name>`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BODY = "{{cookiecutter.__folder}}"
DATA = ["rules", "reserved", "spellings"]
REFERENCE = re.compile(r"\bcookiecutter\.(\w+)")

HEADER = """\
# Generated from cookiecutter.json by tools/sync.py: change it there, then run `uv run tools/sync.py`.
"""

NEXT_STEPS = """\

cd {{ '"%s"' % _copier_conf.dst_path if ' ' in _copier_conf.dst_path | string else _copier_conf.dst_path }}
uv run {{ project_slug }} dev  # starts it
uv run pytest  # runs its tests
"""

AFTER_UPDATE = """\

git status --short  # which files the update changed; `UU` is a file with conflicts
git diff  # what it changed; `<<<<<<<` marks what only you can settle
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
    path, text = ROOT / "copier.yml", copier_yml(ROOT)
    if "--check" not in arguments:
        path.write_text(text, "utf-8", newline="\n")
    elif not path.exists() or path.read_text("utf-8") != text:
        return "copier.yml is out of step. Run `uv run tools/sync.py`."
    return None


def copier_yml(root: Path) -> str:
    settings: Settings = json.loads((root / "cookiecutter.json").read_text("utf-8"))
    return HEADER + yaml.dump(copier(settings), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)


def copier(settings: Settings) -> Settings:
    questions = [name for name in settings if not name.startswith("_")]
    return {
        "_min_copier_version": "9.15.0",
        "_subdirectory": f"{{% raw %}}{BODY}{{% endraw %}}",
        "_templates_suffix": "",
        "_envops": {"undefined": "jinja2.StrictUndefined"},
        # No `_skip_if_exists`: an update would bring back what it names and the owner has deleted.
        "_message_after_copy": NEXT_STEPS,
        "_message_after_update": AFTER_UPDATE,
        **{data: {"type": "yaml", "when": False, "default": settings[f"_{data}"]} for data in DATA},
        **{name: question(name, settings) for name in questions},
        "cookiecutter": {"type": "json", "when": False, "default": namespace(questions, settings)},
    }


def question(name: str, settings: Settings) -> Settings:
    default, prompt = settings[name], settings["__prompts__"][name]
    if isinstance(default, bool):
        return {"type": "bool", "help": prompt, "default": default}
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
    names = list(settings)  # The body needs none of the derived values up to its own folder's name.
    derived = [name for name in names[names.index("__folder") + 1 :] if name.startswith("__")]
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
    """A chosen layer renders to the project itself. What is not chosen renders to nothing: copier skips it."""
    if name == "__answers_file":
        return "{{ _copier_conf.answers_file }}"
    return re.sub(r"\.unused[/_]\w+", "", re.sub(r"\.layers/\w+", ".", settings[name]))


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
