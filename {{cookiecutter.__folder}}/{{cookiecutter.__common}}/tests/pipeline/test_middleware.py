"""What every request passes before the framework sees it."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.auth.tokens import AccessTokens, user_of
from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.pipeline import middleware
from {{ cookiecutter.__package }}.pipeline.bodies import Receive
from {{ cookiecutter.__package }}.pipeline.middleware import App, Message, Scope, Send, client_ip, with_middleware
from {{ cookiecutter.__package }}.pipeline.rate_limits import network_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128")]


class Response:
    status: int
    headers: Mapping[str, str]
    body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]


async def say_scheme(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope.get("scheme", "http").encode()})


async def ok(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the middleware: it answers with what it got."""
    received = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    seen = f"{scope['method']} {scope['client'][0]} ".encode()
    await send({"type": "http.response.body", "body": seen + received["body"]})


def ask(
    app: App,
    method: str = "GET",
    path: str = "/api/v1/users/me",
    peer: str = "192.0.2.1",
    version: str = "1.1",
    body: str = "",
    **headers: str,
) -> Response:
    response = Response()

    async def receive() -> Message:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    async def call() -> None:
        await app(scope_of(method, path, peer, version, headers), receive, response.send)

    asyncio.run(call())
    return response


def scope_of(method: str, path: str, peer: str, version: str, headers: Mapping[str, str]) -> Scope:
    return {
        "type": "http",
        "http_version": version,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "client": (peer, 0),
        "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
    }


def behind(*kinds: Any, **settings: Any) -> App:
    return with_middleware(ok, [middleware.ErrorResponses, *kinds], Settings(environment="test", **settings))


def rate_limit(app: App, settings: Settings) -> App:
    return middleware.RateLimit(app, settings, user_of)


class TestTrustedHosts:
    app = staticmethod(behind(middleware.JoinedHeaders, middleware.TrustedHosts, allowed_hosts="api.example.com,[::1]"))

    @pytest.mark.parametrize("host", ["api.example.com", "API.example.com", "api.example.com:80", "[::1]:80", "[::1]"])
    def test_serve_ours(self, host: str) -> None:
        assert ask(self.app, host=host).status == 200

    @pytest.mark.parametrize("host", ["", "example.com", "evil.api.example.com", "api.example.com.evil", ":80", "::1"])
    def test_refuse_others(self, host: str) -> None:
        response = ask(self.app, host=host)

        assert response.status == 400
        assert b'"code":"invalid_host"' in response.body

    def test_a_port_has_ascii_digits(self) -> None:
        assert middleware.hostname("api.example.com:8²") == "api.example.com:8²"

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_let_probes_come_from_anywhere(self, path: str) -> None:
        assert ask(self.app, path=path, host="10.0.0.1").status == 200

    @pytest.mark.parametrize("headers", [{}, {"host": "a.example.com", "Host": "b.example.com"}])
    def test_want_one_host_where_any_will_do(self, headers: dict[str, str]) -> None:
        app = behind(middleware.JoinedHeaders, middleware.TrustedHosts)

        assert ask(app, host="anything.example.com").status == 200
        assert ask(app, **headers).status == 400


class TestCors:
    app = staticmethod(behind(middleware.Cors, middleware.CorsPreflight, cors_origins="https://app.example.com"))

    def test_lets_our_origins_read(self) -> None:
        headers = ask(self.app, origin="https://app.example.com").headers

        assert headers["access-control-allow-origin"] == "https://app.example.com"
        assert "RateLimit" in headers["access-control-expose-headers"]
        assert headers["vary"] == "Origin"

    def test_keeps_what_else_a_response_varies_with(self) -> None:
        async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"Vary", b"Cookie")]})
            await send({"type": "http.response.body", "body": b""})

        settings = Settings(environment="test", cors_origins="https://app.example.com")
        app = with_middleware(page, [middleware.Cors], settings)

        assert ask(app).headers["vary"] == "Cookie, Origin"

    @pytest.mark.parametrize("origin", ["https://evil.example.com", "http://app.example.com", "null", ""])
    def test_lets_no_other_origin_read(self, origin: str) -> None:
        preflight = ask(self.app, "OPTIONS", origin=origin, access_control_request_method="POST")

        assert "access-control-allow-origin" not in preflight.headers
        assert preflight.body.startswith(b"OPTIONS")

    def test_answers_a_preflight_itself(self) -> None:
        asked = {"access_control_request_method": "POST", "access_control_request_headers": "authorization"}

        response = ask(self.app, "OPTIONS", origin="https://app.example.com", **asked)

        assert response.status == 204
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["access-control-allow-headers"] == "authorization"


class TestBodySize:
    app = staticmethod(behind(middleware.BodySize, max_body_bytes=1024))

    @pytest.mark.parametrize("length", ["1025", "9" * 5000])
    def test_refuses_a_large_body_unread(self, length: str) -> None:
        response = ask(self.app, "GET", "/healthz", content_length=length)

        assert response.status == 413
        assert b'"code":"payload_too_large"' in response.body

    @pytest.mark.parametrize("length", ["0", "1024", "0" * 5000 + "1", "²", "-1", "nonsense"])
    def test_leaves_the_rest_to_the_server(self, length: str) -> None:
        assert ask(self.app, content_length=length).status == 200

    def test_closes_a_connection_with_an_unread_body(self) -> None:
        assert ask(self.app, content_length="20000").headers["connection"] == "close"


class TestReceivedBody:
    @pytest.mark.parametrize(
        ("version", "headers"),
        [
            ("1.1", {"content_length": "5"}),
            ("1.1", {"transfer_encoding": "chunked"}),
            ("1.1", {"content_length": "5, 5"}),
            ("2", {}),
        ],
    )
    def test_is_received_within_the_limit(self, version: str, headers: dict[str, str]) -> None:
        app = behind(middleware.ReceivedBody, max_body_bytes=1024)

        assert ask(app, "POST", version=version, body="12345", **headers).body == b"POST 192.0.2.1 12345"
        assert ask(app, "POST", version=version, body="1" * 1025, **headers).status == 413

    @pytest.mark.parametrize(("version", "headers"), [("1.1", {}), ("1.1", {"content_length": "0"}), ("2", {})])
    def test_is_empty_if_there_is_none(self, version: str, headers: dict[str, str]) -> None:
        """And the application is told that the client has left."""
        incoming: list[Message] = [
            {"type": "http.disconnect"},
            {"type": "http.request", "body": b""},
            {"type": "http.request", "body": b"", "more_body": True},
        ]
        received: list[Message] = []

        async def receive() -> Message:
            return incoming.pop()

        async def receive_twice(_scope: Scope, receive: Receive, _send: Send) -> None:
            received.extend([await receive(), await receive()])

        app = with_middleware(receive_twice, [middleware.ReceivedBody], Settings(environment="test"))
        asyncio.run(app(scope_of("GET", "/", "", version, headers), receive, Response().send))  # type: ignore[arg-type]

        assert [(message["type"], message.get("body")) for message in received] == [
            ("http.request", b""),
            ("http.disconnect", None),
        ]


class TestRateLimit:
    """Two requests per hour; 10.0.0.1 is a trusted proxy."""

    @pytest.fixture
    def app(self) -> App:
        return behind(middleware.TrustedProxies, rate_limit, rate_limit="2/hour", trusted_proxies="10.0.0.1")

    def left(self, response: Response) -> str:
        """What the response says about the limit, without the seconds."""
        quota, _, _ = response.headers["ratelimit"].partition(";t=")
        return quota

    def test_says_what_is_left(self, app: App) -> None:
        response = ask(app)

        assert response.headers["ratelimit-policy"] == '"api";q=2;w=3600'
        assert response.headers["ratelimit"].startswith('"api";r=1;t=')

    def test_refuses_one_request_too_many(self, app: App) -> None:
        *_, response = [ask(app) for _ in range(3)]

        assert response.status == 429
        assert b'"code":"rate_limited"' in response.body
        assert 1 <= int(response.headers["retry-after"]) <= 3600
        assert response.headers["ratelimit"] == f'"api";r=0;t={response.headers["retry-after"]}'
        assert response.headers["ratelimit-policy"] == '"api";q=2;w=3600'

    def test_counts_ip_addresses_one_by_one(self, app: App) -> None:
        quotas = [self.left(ask(app, peer=peer)) for peer in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]

        assert quotas == ['"api";r=1', '"api";r=1', '"api";r=0']

    def test_believes_a_proxy_that_is_ours(self, app: App) -> None:
        clients = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]

        ours = [self.left(ask(app, peer="10.0.0.1", x_forwarded_for=client)) for client in clients]
        others = [self.left(ask(app, peer="10.0.0.2", x_forwarded_for=client)) for client in clients[:2]]

        assert ours == ['"api";r=1', '"api";r=1', '"api";r=0']
        assert others == ['"api";r=1', '"api";r=0']

    def test_counts_a_user_at_any_ip_address(self, app: App) -> None:
        tokens = AccessTokens(Settings(environment="test"))
        alice, bob = (f"Bearer {tokens.issue(uuid7(), uuid7())}" for _ in range(2))
        requests = [("192.0.2.1", alice), ("192.0.2.2", alice), ("192.0.2.1", bob)]

        quotas = [self.left(ask(app, peer=peer, authorization=token)) for peer, token in requests]

        assert quotas == ['"api";r=1', '"api";r=0', '"api";r=1']

    @pytest.mark.parametrize("authorization", ["Bearer a.forged.token", "Bearer", "Basic YWxpY2U6YQ==", ""])
    def test_counts_a_forged_token_for_its_ip_address(self, app: App, authorization: str) -> None:
        assert [self.left(ask(app, authorization=authorization)) for _ in range(2)] == ['"api";r=1', '"api";r=0']

    def test_counts_every_request_with_a_body(self, app: App) -> None:
        statuses = [ask(app, "POST", "/elsewhere", content_length="1").status for _ in range(3)]

        assert statuses == [200, 200, 429]

    def test_does_not_count_probes(self, app: App) -> None:
        probes = [ask(app, path="/healthz") for _ in range(3)]

        assert [probe.status for probe in probes] == [200] * 3
        assert "ratelimit" not in probes[0].headers


class TestSecurityHeaders:
    def test_keep_what_the_response_has(self) -> None:
        async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
            headers = [(b"content-type", b"text/html; charset=utf-8"), (b"referrer-policy", b"same-origin")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        app = with_middleware(page, [middleware.SecurityHeaders], Settings(environment="test"))
        headers = ask(app, path="/admin").headers

        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]

    def test_allow_an_answer_of_the_api_nothing(self) -> None:
        headers = ask(behind(middleware.SecurityHeaders)).headers

        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"


class TestErrorResponses:
    def test_a_bug_is_a_problem(self) -> None:
        async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
            raise RuntimeError("canary")

        response = ask(with_middleware(fail, [middleware.ErrorResponses], Settings(environment="test")))

        assert response.status == 500
        assert b'"code":"internal_error"' in response.body
        assert b"canary" not in response.body


class TestExactPaths:
    @pytest.mark.parametrize("path", ["//healthz", "/api//v1/users/me", "/healthz\n", "/api/v1/users%2Fme", "/a%2fb"])
    def test_another_spelling_is_another_path(self, path: str) -> None:
        assert ask(behind(middleware.ExactPaths), path=path).status == 404


class TestHeadAsGet:
    def test_answers_without_the_body(self) -> None:
        response = ask(behind(middleware.HeadAsGet), "HEAD")

        assert (response.status, response.body) == (200, b"")

    def test_makes_no_endless_response(self) -> None:
        async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"more", "more_body": True})

        response = ask(with_middleware(stream, [middleware.HeadAsGet], Settings(environment="test")), "HEAD")

        assert (response.status, response.body) == (200, b"")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7,10.9.9.9", "198.51.100.7"),
        ("2001:db8::1", "2001:db8::2", "2001:db8::2"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("10.0.0.1", "fe80::7%any text", "fe80::7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("a socket", "198.51.100.7", "a socket"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded_for: str | None, client: str) -> None:
    assert client_ip(peer, forwarded_for, PROXIES) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:7:1234::1", "2001:db8:0:7::/64"),
        ("a socket", "a socket"),
    ],
)
def test_limits_count_networks(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [("10.0.0.1", "https", b"https"), ("192.0.2.1", "https", b"http"), ("10.0.0.1", "javascript", b"http")],
)
def test_a_trusted_proxy_says_the_scheme(peer: str, said: str, scheme: bytes) -> None:
    settings = Settings(environment="test", trusted_proxies="10.0.0.1")
    app = with_middleware(say_scheme, [middleware.TrustedProxies], settings)

    assert ask(app, peer=peer, x_forwarded_proto=said).body == scheme
