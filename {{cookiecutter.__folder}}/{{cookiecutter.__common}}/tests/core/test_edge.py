"""Hosts, origins and numbers of requests: what the settings allow."""

import pytest

from {{ cookiecutter.__package }}.core.edge import Exchange
from {{ cookiecutter.__package }}.core.rate_limits import ApiLimit
from {{ cookiecutter.__package }}.core.settings import Settings


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
