"""What is accepted as JSON."""

import pytest

from {{ cookiecutter.__package }}.core.http import parse_json
from {{ cookiecutter.__package }}.core.problems import MalformedJson, UnsupportedMediaType


class TestParseJson:
    @pytest.mark.parametrize(
        "content_type",
        [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            'application/json;charset="UTF-8"',
            "application/json; version=1",
        ],
    )
    def test_takes_json(self, content_type: str) -> None:
        assert parse_json(b'{"a": [1, 2.5, "x", null]}', content_type) == {"a": [1, 2.5, "x", None]}

    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "",
            "text/plain",
            "application/jsonp",
            "application/json; charset=latin-1",
            "application/json; charset=utf-8; charset=latin-1",
            "application/json; a*=b; a*0=c",
            "application/json; charset=\x00",
            "application/json, application/json",
            "application/json; " + "a=b;" * 50_000,
            "application/json; a=" + "x" * 300,
            "application/json; \xe9=b",
            "application/json;\xa0a=b",
            "é",
        ],
    )
    def test_takes_no_other_media_type(self, content_type: str | None) -> None:
        with pytest.raises(UnsupportedMediaType):
            parse_json(b"{}", content_type)

    @pytest.mark.parametrize("content_encoding", ["gzip", "Identity, gzip", "br"])
    def test_takes_nothing_compressed(self, content_encoding: str) -> None:
        assert parse_json(b"{}", "application/json", "Identity") == {}
        with pytest.raises(UnsupportedMediaType):
            parse_json(b"{}", "application/json", content_encoding)

    @pytest.mark.parametrize(
        "body", [b'{"a": 1, "a": 2}', b'[{"a": {"b": 1, "b": 1}}]', b'{"a": 1, "\\u0061": 2}', b"", b"{", b"NaN"]
    )
    def test_takes_no_key_twice_and_nothing_malformed(self, body: bytes) -> None:
        with pytest.raises(MalformedJson):
            parse_json(body, "application/json")
