"""The application does what the contract says, and the contract says what the application does."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import yaml

from {{ cookiecutter.__package }}.core.errors import ServiceError
from {{ cookiecutter.__package }}.features import FEATURES
from {{ cookiecutter.__package }}.system.contract import PARTS, Document, contract, join, read

from .codes import DocumentedCodes
from .contract import check_response, documented_codes, unanswered
from .drift import differences

SYSTEM, NOTES, TAGS = (Path(folder, "openapi.yaml") for folder in ("system", "notes", "tags"))

NOTES_YAML = r"""
paths:
  /api/v1/notes:
    get:
      operationId: list_notes
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        "200": {description: OK, content: {application/json: {schema: {type: array, items: {type: string}}}}}
    post:
      operationId: write_note
      security: [{accessToken: []}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses:
        "201": {description: Created, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
  /api/v1/notes/{note_id}:
    delete:
      operationId: delete_note
      security: [{accessToken: []}]
      parameters:
        - {name: note_id, in: path, required: true, schema: {type: string, format: uuid}}
      responses:
        "204": {description: No Content}
        "404": {$ref: "#/components/responses/NotFound", description: "`note_not_found`"}
        "409": {$ref: "#/components/responses/Conflict", description: "`note_in_use`\n`note_locked`"}
components:
  schemas:
    Note:
      type: object
      properties:
        title: {type: string, pattern: "^[^\\x00]*$"}
        text: {type: string, maxLength: 10000}
      required: [text]
"""


@cache
def _parts() -> dict[Path, Document]:
    return {SYSTEM: read(PARTS / SYSTEM), NOTES: yaml.safe_load(NOTES_YAML)}


def parts() -> dict[Path, Document]:
    """A new copy for each call."""
    return deepcopy(_parts())


def change(document: Document, place: str, value: object) -> None:
    """Sets the value at `place`, written `paths > /api/v1/notes > get`; None removes it."""
    *parents, name = place.split(" > ")
    for parent in parents:
        document = document[parent]
    document[name] = value
    if value is None:
        del document[name]


def codes_of(kind: type[ServiceError]) -> dict[str, Path]:
    """Each with the folder that has its error."""
    own = {kind.code: PARTS / kind.__module__.split(".")[1]} if "code" in vars(kind) else {}
    return own | {code: folder for each in kind.__subclasses__() for code, folder in codes_of(each).items()}


class TestDrift:
    def test_there_is_none(self, database: object) -> None:
        """For all contracts in the package, also those of features that features.py does not name."""
        from .framework import generated_contract

        written = {path: read(path) for path in sorted(PARTS.glob("*/openapi.yaml"))}

        if found := list(differences(written, generated_contract())):
            pytest.fail("\n".join(found), pytrace=False)

    def test_the_same_is_no_difference(self) -> None:
        assert list(differences(parts(), join(parts()))) == []

    def test_a_default_of_null_is_none(self) -> None:
        code = join(parts())
        code["components"]["schemas"]["Note"]["properties"]["text"]["default"] = None

        assert list(differences(parts(), code)) == []

    @pytest.mark.parametrize(
        ("place", "value", "sentence"),
        [
            (
                "paths > /api/v1/notes > get",
                None,
                "GET /api/v1/notes is in notes/openapi.yaml, but no route serves it: is notes in features.py?",
            ),
            ("paths > /x", {"get": {}}, "GET /x is served, but no openapi.yaml has it"),
            (
                "components > schemas > Note > properties > text > maxLength",
                20000,
                "POST /api/v1/notes: request.text.maxLength is 10000 in openapi.yaml, 20000 in the code",
            ),
            (
                "components > schemas > Note > properties > title > pattern",
                None,
                r"POST /api/v1/notes: request.title.pattern is ^[^\\x00]*$ in openapi.yaml, missing in the code",
            ),
            (
                "components > schemas > Note > properties > title > type",
                "integer",
                "POST /api/v1/notes: request.title.type is string in openapi.yaml, integer in the code",
            ),
            (
                "components > schemas > Note > required",
                [],
                "POST /api/v1/notes: request.text.required is true in openapi.yaml, false in the code",
            ),
            (
                "components > schemas > Note > properties > title",
                None,
                "POST /api/v1/notes: response 201.title is defined in openapi.yaml, missing in the code",
            ),
            (
                "paths > /api/v1/notes > get > parameters",
                [],
                "GET /api/v1/notes: query parameter limit is defined in openapi.yaml, missing in the code",
            ),
            (
                "paths > /api/v1/notes > get > parameters",
                [{"name": "limit", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}],
                "GET /api/v1/notes: query parameter limit.type is integer in openapi.yaml, string in the code",
            ),
            (
                "paths > /api/v1/notes > post > security",
                [],
                "POST /api/v1/notes: security is [accessToken] in openapi.yaml, [] in the code",
            ),
            (
                "paths > /api/v1/notes > post > requestBody > content",
                {"text/plain": {"schema": {}}},
                "POST /api/v1/notes: request text/plain is missing in openapi.yaml, defined in the code",
            ),
            (
                "paths > /api/v1/notes/{note_id} > delete > responses",
                {"200": {}},
                "DELETE /api/v1/notes/{note_id}: response 204 is defined in openapi.yaml, missing in the code",
            ),
            (
                "paths > /api/v1/notes > get > operationId",
                "notes",
                "GET /api/v1/notes: operationId is list_notes in openapi.yaml, notes in the code",
            ),
        ],
    )
    def test_a_difference_is_a_sentence(self, place: str, value: object, sentence: str) -> None:
        code = join(parts())
        change(code, place, value)

        assert sentence in list(differences(parts(), code))


class TestJoining:
    @pytest.fixture
    def joined(self) -> Document:
        return join(parts())

    @pytest.mark.parametrize(
        ("method", "path", "statuses"),
        [
            ("get", "/api/v1/notes", "200 400 413 422 429 503"),
            ("post", "/api/v1/notes", "201 400 401 408 413 415 422 429 503"),
            ("delete", "/api/v1/notes/{note_id}", "204 400 401 404 409 413 429 503"),
            ("get", "/healthz", "200"),
        ],
    )
    def test_adds_the_refusals_that_follow_by_rule(
        self, joined: Document, method: str, path: str, statuses: str
    ) -> None:
        assert list(joined["paths"][path][method]["responses"]) == statuses.split()

    def test_documents_both_codes_where_an_own_one_has_such_a_status(self, joined: Document) -> None:
        responses = joined["paths"]["/api/v1/notes/{note_id}"]["delete"]["responses"]

        assert responses["401"] == {"$ref": "#/components/responses/Unauthorized"}
        assert responses["404"]["description"] == "- `not_found`\n- `note_not_found`"
        assert responses["409"]["description"] == "- `note_in_use`\n- `note_locked`"
        assert responses["409"]["content"] == joined["components"]["responses"]["Conflict"]["content"]

    @pytest.mark.parametrize(
        ("tags", "name"),
        [
            ({"paths": {"/api/v1/notes": {"get": {"operationId": "list_tags"}}}}, "GET /api/v1/notes"),
            ({"paths": {"/api/v1/tags": {"get": {"operationId": "list_notes"}}}}, "the operationId list_notes"),
            ({"components": {"schemas": {"Note": {}}}}, "#/components/schemas/Note"),
        ],
    )
    def test_refuses_what_two_features_define(self, tags: Document, name: str) -> None:
        with pytest.raises(ValueError, match=f"^notes/openapi.yaml and tags/openapi.yaml both define {name}.$"):
            join({**parts(), TAGS: tags})

    def test_each_call_gets_a_copy_of_the_contract(self) -> None:
        contract()["paths"].clear()

        assert contract()["paths"]


class TestCodes:
    def test_every_error_has_a_documented_one(self, database: object) -> None:
        from .framework import app as app  # Imports the errors of every feature.

        shared, own = documented_codes()
        documented = shared | {code for _, code in own}
        codes = codes_of(ServiceError)
        # The routes and the openapi.yaml of a feature go before the rest of it, when it is removed.
        without_routes = {PARTS / feature for feature in FEATURES if not (PARTS / feature / "openapi.yaml").exists()}
        answered = {code for code, folder in codes.items() if folder not in without_routes}

        assert answered - documented == set(), "no openapi.yaml documents these"
        assert documented - codes.keys() == set(), "no error has these"

    @pytest.mark.parametrize(
        ("status", "code", "sentence"),
        [
            (409, "email_taken", "GET /api/v1/users/me answered 409 `email_taken`, which no"),
            (401, "forbidden", "GET /api/v1/users/me answered 401 `forbidden`, which no"),
        ],
    )
    def test_an_undocumented_one_fails_at_once(self, status: int, code: str, sentence: str) -> None:
        request = httpx2.Request("GET", "http://testserver/api/v1/users/me")
        headers = {"Content-Type": "application/problem+json"}
        response = httpx2.Response(status, json={"code": code}, headers=headers, request=request)

        with pytest.raises(AssertionError, match=sentence):
            check_response(response)

    @pytest.mark.parametrize(
        ("got", "missed"),
        [
            (
                set(),
                [
                    "system/openapi.yaml documents `common`, but no test got it.",
                    "GET /x documents `own`, but no test got it from there.",
                ],
            ),
            ({("GET /y", "common"), ("GET /y", "own")}, ["GET /x documents `own`, but no test got it from there."]),
            ({("", "common"), ("GET /x", "own")}, []),
        ],
    )
    def test_one_that_no_test_got_is_a_sentence(
        self, monkeypatch: pytest.MonkeyPatch, got: set[tuple[str, str]], missed: list[str]
    ) -> None:
        monkeypatch.setattr("tests.contract.documented_codes", lambda: ({"common"}, {("GET /x", "own")}))

        assert list(unanswered(got)) == missed


class TestACompleteRun:
    """Of two files, in which no test got one of the codes."""

    @pytest.fixture
    def plugin(self, tmp_path: Path) -> DocumentedCodes:
        return DocumentedCodes(tmp_path)

    @pytest.fixture
    def session(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr("tests.codes.unanswered", lambda _: ["No test got it."])
        files = [tmp_path / name for name in ("test_one.py", "test_two.py")]
        for file in files:
            file.touch()
        return SimpleNamespace(
            items=[SimpleNamespace(path=file) for file in files],
            config=SimpleNamespace(option=SimpleNamespace(collectonly=False)),
            exitstatus=pytest.ExitCode.OK,
        )

    def test_fails(self, plugin: DocumentedCodes, session: Any) -> None:
        plugin.pytest_collection_finish(session)
        plugin.pytest_sessionfinish(session)

        assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
        assert plugin.sentences == ["No test got it."]

    @pytest.mark.parametrize(
        ("files", "collectonly", "deselected", "exitstatus"),
        [
            (1, False, False, pytest.ExitCode.OK),
            (2, True, False, pytest.ExitCode.OK),
            (2, False, True, pytest.ExitCode.OK),
            (2, False, False, pytest.ExitCode.INTERRUPTED),
        ],
        ids=["a_part", "collect_only", "deselected", "interrupted"],
    )
    def test_another_does_not(
        self, plugin: DocumentedCodes, session: Any, files: int, collectonly: bool, deselected: bool, exitstatus: int
    ) -> None:
        session.items = session.items[:files]
        session.config.option.collectonly = collectonly
        session.exitstatus = exitstatus
        if deselected:
            plugin.pytest_deselected()
        plugin.pytest_collection_finish(session)
        plugin.pytest_sessionfinish(session)

        assert plugin.sentences == []

    @pytest.mark.parametrize("narrow", [True, False])
    def test_is_that_of_all_workers(self, plugin: DocumentedCodes, session: Any, narrow: bool) -> None:
        worker = DocumentedCodes(plugin.tests)
        if narrow:
            worker.pytest_deselected()
        own: Any = SimpleNamespace(config=SimpleNamespace(workeroutput={}))

        worker.pytest_sessionfinish(own)
        plugin.pytest_testnodedown(SimpleNamespace(workeroutput=own.config.workeroutput))
        plugin.pytest_sessionfinish(session)

        assert worker.sentences == []
        assert plugin.sentences == ([] if narrow else ["No test got it."])
