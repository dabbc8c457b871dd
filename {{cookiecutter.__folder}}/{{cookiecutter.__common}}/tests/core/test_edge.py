"""Hosts, origins and numbers of requests: what the settings allow."""

from collections.abc import Callable

import pytest
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.core.edge import Exchange
from {{ cookiecutter.__package }}.core.rate_limits import ApiLimit
from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.core.tokens import AccessTokens


def exchange(method: str = "GET", path: str = "/api/v1/users/me", **headers: str) -> Exchange:
    settings = Settings(
        environment="test", allowed_hosts=("api.example.com", "[::1]"), cors_origins=("https://app.example.com",)
    )
    found = {"Host": "api.example.com", **headers}
    return Exchange(method, path, found.get, "192.0.2.1", settings, ApiLimit(settings))


class TestHosts:
    @pytest.mark.parametrize("host", ["api.example.com", "API.example.com", "api.example.com:80", "[::1]:80", "[::1]"])
    def test_ours_are_served(self, host: str) -> None:
        assert exchange(Host=host).early_response() is None

    @pytest.mark.parametrize("host", ["", "example.com", "evil.api.example.com", "api.example.com.evil", ":80", "::1"])
    def test_others_are_refused(self, host: str) -> None:
        response = exchange(Host=host).early_response()

        assert response
        assert response.status == 400
        assert b'"code":"invalid_host"' in response.body

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_probes_come_from_anywhere(self, path: str) -> None:
        assert exchange(path=path, Host="10.0.0.1").early_response() is None


class TestOrigins:
    def test_ours_may_read(self) -> None:
        headers = exchange(Origin="https://app.example.com").response_headers(200)

        assert headers["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert headers["Vary"] == "Origin"

    @pytest.mark.parametrize("origin", ["https://evil.example.com", "http://app.example.com", "null", ""])
    def test_others_may_not(self, origin: str) -> None:
        request = exchange("OPTIONS", Origin=origin, **{"Access-Control-Request-Method": "POST"})

        assert "Access-Control-Allow-Origin" not in request.response_headers(200)
        assert request.early_response() is None

    def test_ours_may_ask_first(self) -> None:
        preflight = exchange("OPTIONS", Origin="https://app.example.com", **{"Access-Control-Request-Method": "POST"})

        response = preflight.early_response()

        assert response
        assert response.status == 204
        assert "POST" in preflight.response_headers(200)["Access-Control-Allow-Methods"]


class TestNumbers:
    """Two requests an hour; 10.0.0.1 is a proxy that we trust."""

    settings = Settings(environment="test", rate_limit="2/hour", trusted_proxies="10.0.0.1")

    @pytest.fixture
    def ask(self) -> Callable[..., Exchange]:
        limit = ApiLimit(self.settings)

        def ask(peer: str, path: str = "/api/v1/users/me", **headers: str) -> Exchange:
            return Exchange("GET", path, headers.get, peer, self.settings, limit)

        return ask

    def left(self, request: Exchange) -> str:
        """What the response tells of the limit, without the seconds."""
        request.early_response()
        quota, _, _ = request.response_headers(200)["RateLimit"].partition(";t=")
        return quota

    def test_each_response_tells_what_is_left(self, ask: Callable[..., Exchange]) -> None:
        request = ask("192.0.2.1")

        assert request.early_response() is None
        assert request.response_headers(200)["RateLimit-Policy"] == '"api";q=2;w=3600'
        assert request.response_headers(200)["RateLimit"].startswith('"api";r=1;t=')

    def test_one_too_many_is_refused(self, ask: Callable[..., Exchange]) -> None:
        for _ in range(2):
            assert ask("192.0.2.1").early_response() is None

        response = ask("192.0.2.1").early_response()

        assert response
        assert response.status == 429
        assert b'"code":"rate_limited"' in response.body
        assert 1 <= int(response.headers["Retry-After"]) <= 3600
        assert response.headers["RateLimit"] == f'"api";r=0;t={response.headers["Retry-After"]}'
        assert response.headers["RateLimit-Policy"] == '"api";q=2;w=3600'

    def test_addresses_are_counted_one_by_one(self, ask: Callable[..., Exchange]) -> None:
        quotas = [self.left(ask(peer)) for peer in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]

        assert quotas == ['"api";r=1', '"api";r=1', '"api";r=0']

    def test_a_proxy_is_believed_when_it_is_ours(self, ask: Callable[..., Exchange]) -> None:
        clients = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]

        ours = [self.left(ask("10.0.0.1", **{"X-Forwarded-For": client})) for client in clients]
        others = [self.left(ask("10.0.0.2", **{"X-Forwarded-For": client})) for client in clients[:2]]

        assert ours == ['"api";r=1', '"api";r=1', '"api";r=0']
        assert others == ['"api";r=1', '"api";r=0']

    def test_a_user_is_counted_wherever_they_are(self, ask: Callable[..., Exchange]) -> None:
        alice, bob = (f"Bearer {AccessTokens(self.settings).issue(uuid7(), uuid7())}" for _ in range(2))
        requests = [("192.0.2.1", alice), ("192.0.2.2", alice), ("192.0.2.1", bob)]

        quotas = [self.left(ask(peer, Authorization=token)) for peer, token in requests]

        assert quotas == ['"api";r=1', '"api";r=0', '"api";r=1']

    def test_probes_are_not_counted(self, ask: Callable[..., Exchange]) -> None:
        probes = [ask("192.0.2.1", path="/healthz") for _ in range(3)]

        assert [probe.early_response() for probe in probes] == [None] * 3
        assert "RateLimit" not in probes[0].response_headers(200)
