"""What the rules of cookiecutter.json let in, and how what they keep out is told, in both engines alike."""

import json
import keyword
import sys
import unicodedata
from pathlib import Path

import copier
import pytest
from cookiecutter.exceptions import FailedHookException
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from pytest_cookies.plugin import Cookies

from tests.engines import ENGINES, HOSTILE, LONGEST, Engine, answered, reserved, run, tree, with_cookiecutter
from tools.sync import ROOT

ONE_LINE = "must stand on one line, without control, invisible or text-direction characters."
NO_JINJA = "must not contain {{, }}, {%, %}, {# or #}."
NOT_BLANK = "must not be blank, nor begin or end with a space."
PATTERN = "must be words of lower-case letters and digits, joined by single hyphens, the first beginning with a letter."

REFUSED = [
    *(
        (question, text, sentence)
        for question in ("project_name", "description", "author")
        for text, sentence in [
            ("", NOT_BLANK),
            (" ", NOT_BLANK),
            (" My Service", NOT_BLANK),
            ("\u3164\u2800", NOT_BLANK),  # These have no ink.
            ("two\nlines", ONE_LINE),
            ("a tab\t", ONE_LINE),
            ("\x1b[31mred", ONE_LINE),
            ("a \u202eturn", ONE_LINE),
            ("hid\u200bden", ONE_LINE),
            ("half a \ud83d pair", ONE_LINE),
            ("no character: \uffff", ONE_LINE),
        ]
    ),
    ("project_name", "x" * 61, "must have at most 60 characters."),
    ("author", "x" * 61, "must have at most 60 characters."),
    ("description", "x" * 161, "must have at most 160 characters."),
    *(
        ("project_slug", slug, PATTERN)
        for slug in [
            *["", " ", ".", "..", "../escape", "/tmp/escape", "a/b", "a\\b", "C:escape", "~", "-a", "a-", "a--b", "1a"],
            *["a_b", "A", "Ä", "a.b", "a b", "a\n", "$(id)", "a'b", 'a"b', "\u0661"],
        ]
    ),
    *(("project_slug", slug, "must have at most 30 characters.") for slug in (LONGEST + "s", "x" * 300)),
    ("project_slug", "pydantic_core", PATTERN),
    ("project_slug", "class", "must not be class: class is a word of Python."),
    ("project_slug", "match", "must not be match: match is a word of Python."),
    ("project_slug", "json", "must not be json: json is a module of Python's standard library."),
    (
        "project_slug",
        "pydantic-core",
        "must not be pydantic-core: pydantic_core is the name of a package that the project uses.",
    ),
    ("project_slug", "tests", "must not be tests: tests is the name of a part of the project."),
    ("project_slug", "no", "must not be no: no is not read as text by YAML."),
    ("project_slug", "con", "must not be con: con is the name of a device on Windows."),
]

JINJA = ["{{ 7*7 }}", "{{ cookiecutter._release }}", "{% raw %}x{% endraw %}", "{# hidden #}text"]
BROKEN_JINJA = ["{{", "{%", "{#", "{{ nobody }}", "{% if %}"]


def sentence(question: str, rest: str) -> str:
    return f"The {question.replace('_', ' ')} {rest}"


class TestRefusal:
    @pytest.mark.parametrize(("question", "answer", "rest"), REFUSED)
    def test_by_cookiecutter_is_one_sentence(
        self, question: str, answer: str, rest: str, cookies: Cookies, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        result = cookies.bake({question: answer})

        assert result.exception is not None
        assert capfd.readouterr().err == sentence(question, rest) + "\n"
        assert nothing_left(tmp_path)

    @pytest.mark.parametrize(("question", "answer", "rest"), REFUSED)
    def test_by_copier_is_the_same_sentence(
        self, question: str, answer: str, rest: str, template: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError, match="Validation error") as refusal:
            copier.run_copy(str(template), tmp_path / "project", {question: answer}, defaults=True, quiet=True)

        assert str(refusal.value) == f"Validation error for question '{question}': {sentence(question, rest)}"
        assert nothing_left(tmp_path)

    @pytest.mark.parametrize("answer", JINJA)
    @pytest.mark.parametrize("question", ["project_name", "description", "author"])
    def test_of_a_template_comes_although_cookiecutter_renders_it_first(
        self, question: str, answer: str, cookies: Cookies, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        result = cookies.bake({question: answer})

        assert result.exception is not None
        assert sentence(question, NO_JINJA) in capfd.readouterr().err
        assert nothing_left(tmp_path)

    @pytest.mark.parametrize("answer", [*JINJA, *BROKEN_JINJA])
    def test_of_a_template_by_copier(self, answer: str, template: Path, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="must not contain") as refusal:
            copier.run_copy(str(template), tmp_path / "project", {"author": answer}, defaults=True, quiet=True)

        assert str(refusal.value).endswith(sentence("author", NO_JINJA))
        assert nothing_left(tmp_path)

    @pytest.mark.parametrize("answer", BROKEN_JINJA)
    def test_of_a_broken_template_is_cookiecutters_own(self, answer: str, cookies: Cookies, tmp_path: Path) -> None:
        assert cookies.bake({"author": answer}).exception is not None
        assert nothing_left(tmp_path)

    def test_names_every_bad_answer(self, cookies: Cookies, capfd: pytest.CaptureFixture[str]) -> None:
        cookies.bake({"author": "", "description": "", "project_slug": "json"})

        assert len(capfd.readouterr().err.splitlines()) == 3

    @pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
    @pytest.mark.parametrize("question", ["framework", "database"])
    def test_of_a_choice_that_is_none(self, engine: Engine, question: str, template: Path, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="cobol"):
            engine(template, tmp_path, {question: "cobol"})

        assert nothing_left(tmp_path)

    @pytest.mark.parametrize("default", ["", " ", "My_Project"])
    def test_of_a_default_is_lifted_by_a_good_answer(self, default: str, tmp_path: Path, own_home: Path) -> None:
        """The default comes from `~/.cookiecutterrc`, the answer from the prompt."""
        config = tmp_path / "rc.yaml"
        config.write_text(
            f"{(own_home / 'cookiecutter.yaml').read_text()}"
            f"default_context: {{author: '{default}', project_slug: '{default}'}}\n"
        )

        run(tmp_path, str(ROOT), "--config-file", str(config), typed="\nshop\n\nAlice\n" + 10 * "\n")

        assert 'author: "Alice"' in (tmp_path / "shop" / ".copier-answers.yml").read_text("utf-8")

    def test_leaves_a_folder_alone_that_has_the_name(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "json").mkdir()

        with pytest.raises(FailedHookException):
            with_cookiecutter(ROOT, tmp_path, {"project_slug": "json"})

        assert capfd.readouterr().err.startswith("The project slug must not be json")
        assert [path.name for path in tmp_path.iterdir()] == ["json"]


def nothing_left(folder: Path) -> bool:
    """Nothing but the empty folder that pytest-cookies makes for each try."""
    return {path.name for path in folder.rglob("*")} <= {"cookies", "bake00"}


class TestTheRules:
    def test_hold_for_every_text(self) -> None:
        settings = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))

        texts = {name for name, default in settings.items() if not name.startswith("_") and isinstance(default, str)}

        assert texts == {question for rule in settings["_rules"] for question in rule["questions"]}


class TestWhatIsLetIn:
    @pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
    def test_quotes_accents_emoji_and_the_longest_texts(self, engine: Engine, template: Path, tmp_path: Path) -> None:
        longest = {"project_name": "é" * 60, "author": "🚀" * 60, "description": "\\" * 160, "project_slug": LONGEST}

        assert tree(engine(template, tmp_path / "hostile", HOSTILE))
        assert tree(engine(template, tmp_path / "longest", longest))


class TestTheSlugByDefault:
    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("My Service", "my-service"),
            ("  Two -  words_and more ", "two-words-and-more"),
            ("Shop", "shop"),
            ("3D Shop", "d-shop"),
            ("O'Reilly & Sons", "oreilly-sons"),
            ("Test", "test-service"),
            ("Opentelemetry util HTTP", "opentelemetry-util-htt-service"),
            ("サービス", "my-service"),
            ("Łódź", "lodz"),
            ("Dvor\u030cák Dvořák", "dvorak-dvorak"),
            ("STRAẞE Straße", "strasse-strasse"),
            ("Zoë & Söhne", "zoe-sohne"),
            ("Crème brûlée/œuvre", "creme-brulee-oeuvre"),
            ("Ơn Đường", "on-duong"),
            ("İstanbul \u2013 K\u0131br\u0131s", "istanbul-kibris"),
            ("José\u00a0María\u2009Aznar", "jose-maria-aznar"),
            ("Read/write\\copy", "read-write-copy"),
            ("A name with words up to here - and then some more", "a-name-with-words-up-to-here-a"),
        ],
    )
    def test_follows_from_the_name(self, name: str, slug: str) -> None:
        assert answered(project_name=name)["project_slug"] == slug

    @pytest.mark.parametrize(("name", "slug"), [("Test", "test-service"), ("Łódź\u2013Straße/1", "lodz-strasse-1")])
    def test_is_the_same_in_copier(self, name: str, slug: str, template: Path, tmp_path: Path) -> None:
        project = tmp_path / "project"
        copier.run_copy(str(template), project, {"project_name": name}, defaults=True, quiet=True)

        assert f'project_slug: "{slug}"' in (project / ".copier-answers.yml").read_text("utf-8")

    def test_spells_each_letter_as_unicode_takes_it_apart(self) -> None:
        """Where it does: it has no parts for letters such as `ł`."""
        spellings = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))["_spellings"].items()
        letters = [(letter, spelling) for spelling, letters in spellings if spelling != "-" for letter in letters]
        parts = {letter: "".join(filter(str.isascii, unicodedata.normalize("NFKD", letter))) for letter, _ in letters}

        assert len(parts) == len(letters)
        assert [letter for letter, spelling in letters if parts[letter] not in {"", spelling}] == []

    def test_is_offered_by_cookiecutter_when_the_name_is_typed(self, tmp_path: Path) -> None:
        prompts = run(tmp_path, str(ROOT), typed="Book Shop\n" + 10 * "\n")

        assert "(book-shop)" in " ".join(prompts)

    def test_is_offered_by_copier_when_the_name_is_typed(self, template: Path, tmp_path: Path) -> None:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text("\x15Book Shop\r" + 10 * "\r")  # Ctrl-U deletes the default
            copier.run_copy(str(template), tmp_path / "project", quiet=True)

        assert 'project_slug: "book-shop"' in (tmp_path / "project" / ".copier-answers.yml").read_text("utf-8")


class TestTheReservedNames:
    def test_are_all_that_python_has(self) -> None:
        python = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}

        assert {name.lower() for name in python if not name.startswith("_")} <= set(reserved())

    def test_are_names_that_a_slug_could_have_each_told_once(self) -> None:
        names = reserved()

        assert len(names) == len(set(names))
        assert all(name[0].isalpha() and name.isascii() and name == name.lower() for name in names)
        assert max(map(len, names)) <= 30
