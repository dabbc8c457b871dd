"""Refuses bad answers before anything is written: one sentence for each, on standard error."""

import json
import re
import sys

ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
# As given on the command line or as a default, before Jinja rendered it. What is typed at a prompt is in ANSWERS only.
GIVEN = json.loads(r"""{{ _cookiecutter | tojson }}""")
DERIVED = "{% raw %}{{ cookiecutter.__slug }}{% endraw %}"


def refusal(question: str) -> str | None:
    """The first rule that an answer breaks, as a sentence."""
    texts = [str(ANSWERS[question])]
    given = str(GIVEN[question])
    if given != DERIVED and re.search(r"\{[%#{]", given):
        texts.append(given)
    for rule in ANSWERS["_rules"]:
        if question in rule["questions"] and any(re.search(rule["refused"], text) for text in texts):
            return str(rule["sentence"]).replace("<question>", question.replace("_", " "))
    return reservation(texts[0]) if question == "project_slug" else None


def reservation(slug: str) -> str | None:
    package = slug.replace("-", "_")
    for reason, lines in ANSWERS["_reserved"].items():
        if package in " ".join(lines).split():
            return f"The project slug must not be {slug}: {package} is {reason}."
    return None


sentences = [sentence for question in GIVEN if (sentence := refusal(question))]
if sentences:
    sys.exit("\n".join(sentences))
