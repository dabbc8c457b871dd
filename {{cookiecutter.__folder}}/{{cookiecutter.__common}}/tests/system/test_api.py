"""Probes, documents, and what is common to all responses."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from anyio.from_thread import BlockingPortal

from {{ cookiecutter.__package }}.pipeline import bodies
from {{ cookiecutter.__package }}.system.contract import contract

from ..contract import check_response


class TestProbes:
    def test_the_process_lives(self, client: httpx2.Client) -> None:
        assert client.get("/healthz").json() == {"status": "ok"}

    def test_the_database_is_ready(self, client: httpx2.Client) -> None:
        response = client.get("/readyz")

        assert response.json() == {"status": "ready", "checks": {"database": "ok", "migrations": "ok"}}


class TestDocuments:
    def test_the_contract_is_the_committed_one(self, client: httpx2.Client) -> None:
        assert client.get("/openapi.json").json() == contract()

    def test_the_docs_load_nothing_from_elsewhere(self, client: httpx2.Client) -> None:
        response = client.get("/docs")

        assert "SwaggerUIBundle({url: 'openapi.json'" in response.text  # Also behind a prefix that a proxy takes off.
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; connect-src 'self'")


class TestPaths:
    @pytest.mark.parametrize(
        "path", ["/", "/nope", "/healthz/", "/healthz%0A", "/api/v1/users/me/", "//healthz", "/api/v1/%00"]
    )
    def test_an_unknown_one_is_a_problem(self, client: httpx2.Client, path: str) -> None:
        response = client.get(path)

        assert response.status_code == 404
        assert response.json()["code"] == "not_found"
        assert response.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(("path", "allowed"), [("/healthz", "GET, HEAD"), ("/api/v1/auth/login", "POST")])
    @pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "BREW"])
    def test_a_method_it_does_not_have_is_refused(
        self, client: httpx2.Client, method: str, path: str, allowed: str
    ) -> None:
        response = client.request(method, path)

        assert response.status_code == 405
        assert response.headers["Allow"] == allowed

    @pytest.mark.parametrize("path", ["/healthz", "/api/v1/users/me"])
    def test_head_is_get_without_its_body(self, alice: httpx2.Client, path: str) -> None:
        alice.event_hooks = {}  # The contract does not name HEAD, which follows from GET.
        head, get = alice.head(path), alice.get(path)

        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


class TestBodies:
    @pytest.mark.parametrize("content_type", [None, "text/plain", "application/json; charset=latin-1", "nonsense"])
    def test_must_be_json_by_type(self, client: httpx2.Client, content_type: str | None) -> None:
        headers = {"Content-Type": content_type} if content_type else {}
        response = client.post("/api/v1/auth/login", content=b"{}", headers=headers)

        assert response.status_code == 415
        assert response.json()["code"] == "unsupported_media_type"

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b'{"a": NaN}', b'{"a": "\\ud800"}', b'"\xff"', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}."],
    )
    def test_must_be_json_by_content(self, client: httpx2.Client, body: bytes) -> None:
        response = client.post("/api/v1/auth/login", content=body, headers={"Content-Type": "application/json"})

        assert response.status_code == 400
        assert response.json()["code"] == "malformed_json"

    @pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"'])
    def test_must_be_an_object(self, client: httpx2.Client, body: bytes) -> None:
        response = client.post("/api/v1/auth/login", content=body, headers={"Content-Type": "application/json"})

        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == ""

    @pytest.mark.parametrize("declared", [True, False])
    def test_must_not_be_large(self, client: httpx2.Client, declared: bool) -> None:
        chunks = [b" " * 65_536] * 17
        content = b"".join(chunks) if declared else iter(chunks)
        response = client.post("/api/v1/auth/login", content=content, headers={"Content-Type": "application/json"})

        assert response.status_code == 413
        assert response.json()["code"] == "payload_too_large"

    @pytest.mark.parametrize("path", ["/healthz", "/docs", "/api/v1/auth/logout", "/nope"])
    @pytest.mark.parametrize("declared", [True, False])
    def test_must_not_be_large_where_none_is_taken(self, alice: httpx2.Client, path: str, declared: bool) -> None:
        alice.event_hooks = {}  # The contract names no 413 for operations that take no body.
        chunks = [b" " * 65_536] * 17
        content = b"".join(chunks) if declared else iter(chunks)

        assert alice.post(path, content=content).status_code == 413
        assert alice.get("/api/v1/users/me").status_code == 200

    def test_must_come_in_time(
        self, client: httpx2.Client, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ..framework import app

        monkeypatch.setattr(bodies, "TIMEOUT_SECONDS", 0.01)

        async def never() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

        async def log_in_slowly() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://testserver") as client:
                return await client.post("/api/v1/auth/login", content=never())

        response = portal.call(log_in_slowly)

        check_response(response)
        assert response.status_code == 408
        assert response.json()["code"] == "request_timeout"

    def test_must_be_complete(self, client: httpx2.Client, portal: BlockingPortal) -> None:
        """As a server says it when a client breaks off, and also when what it sent are no chunks."""
        from ..framework import app

        async def broken_off(scope: Any, _receive: Any, send: Any) -> None:
            async def receive() -> dict[str, Any]:
                return {"type": "http.disconnect"}

            await app(scope, receive, send)

        async def log_in() -> httpx2.Response:
            transport = httpx2.ASGITransport(broken_off)
            async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.post("/api/v1/auth/login", json={})

        response = portal.call(log_in)

        check_response(response)
        assert response.status_code == 400
        assert response.json()["code"] == "incomplete_body"

    def test_must_not_be_too_many_at_a_time(self, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "MAX_BYTES_IN_FLIGHT", 10)

        response = client.post("/api/v1/auth/login", json={"email": "alice@example.com", "password": "a password"})

        assert response.status_code == 503
        assert response.json()["code"] == "overloaded"
        assert response.headers["Retry-After"] == "1"


class TestRequestIds:
    def test_a_harmless_one_is_taken_over(self, client: httpx2.Client) -> None:
        response = client.get("/nope", headers={"X-Request-ID": "trace-7_A.b"})

        assert response.headers["X-Request-ID"] == response.json()["request_id"] == "trace-7_A.b"

    @pytest.mark.parametrize("harmful", ["", "a b", "x" * 65, "a\tb", "{}"])
    def test_another_is_replaced(self, client: httpx2.Client, harmful: str) -> None:
        response = client.get("/nope", headers={"X-Request-ID": harmful})

        assert response.headers["X-Request-ID"] == response.json()["request_id"] != harmful

    def test_the_log_has_it_in_one_line_a_request(self, client: httpx2.Client, log: io.StringIO) -> None:
        client.get("/api/v1/users/me?canary", headers={"X-Request-ID": "trace-8"})

        [line] = [line for line in log.getvalue().splitlines() if "httpx2" not in line]
        entry = json.loads(line)
        assert entry["event"] == "request"
        assert entry["method"] == "GET"
        assert entry["route"] == "/api/v1/users/me"
        assert entry["status"] == 401
        assert entry["request_id"] == "trace-8"
        assert entry["duration_ms"] > 0
        assert "canary" not in line


class TestHeaders:
    @pytest.mark.parametrize("path", ["/healthz", "/nope", "/api/v1/users/me"])
    def test_protect_browsers(self, client: httpx2.Client, path: str) -> None:
        headers = client.get(path).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "X-Powered-By" not in headers
