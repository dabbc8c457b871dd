"""What every request meets first and every response takes along, whichever framework answers between."""

from collections.abc import Callable
from time import perf_counter

import structlog

from .addresses import client_address
from .errors import NotFound
from .json_body import declared_size
from .problems import InvalidHost, ProblemResponse, problem_response
from .rate_limits import ApiLimit, RateLimited
from .request_id import bind_request_id, request_id_for
from .settings import Settings

log = structlog.get_logger()

# An id in a path: canonical, in lower case.
ID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Those that change nothing (RFC 9110).
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
PROBES = {"/healthz", "/readyz"}
API = "/api/"
# What a server has read of a body in any case.
READ_ALONG_BYTES = 16 * 1024
CORS_METHODS = "GET, POST, PUT, PATCH, DELETE"
CORS_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-ID"
CORS_RESPONSE_HEADERS = "Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"


class Exchange:
    """One request and its response.

    `path` is the decoded path, `header` looks a request header up by its name, `peer` is who opened the connection.
    """

    def __init__(
        self,
        method: str,
        path: str,
        header: Callable[[str], str | None],
        peer: str,
        settings: Settings,
        api_limit: ApiLimit,
    ) -> None:
        self.method = method
        self.path = path.encode(errors="replace").decode()
        self.header = header
        self.address = client_address(peer, header("X-Forwarded-For"), settings.trusted_proxies)
        self.settings = settings
        self.api_limit = api_limit
        self.quota_headers: dict[str, str] = {}
        self.started = perf_counter()
        self.request_id = request_id_for(header("X-Request-ID"))
        bind_request_id(self.request_id)

    def early_response(self) -> ProblemResponse | None:
        """The response to what no route needs to see: a foreign host, a CORS preflight, one request too many."""
        if not self._host_is_ours():
            return self.failure(InvalidHost("The service does not answer for this host."))
        if self.path.startswith("//") or self.path.endswith("\n"):
            # One framework overlooks a second slash, another a newline at the end.
            return self.failure(NotFound())
        if self.method == "OPTIONS" and self._origin_is_allowed() and self.header("Access-Control-Request-Method"):
            return ProblemResponse(204, b"")
        if self.path.startswith(API):
            try:
                self.quota_headers = self.api_limit.count(self.header("Authorization"), self.address).headers()
            except RateLimited as error:
                return self.failure(error)
        return None

    def failure(self, error: Exception) -> ProblemResponse:
        return problem_response(error, self.path)

    def response_headers(self, status: int) -> dict[str, str]:
        headers = {
            "Server": "service",  # Else the server fills in its own name.
            "X-Request-ID": self.request_id,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        }
        if self.path.startswith(API):
            headers["Cache-Control"] = "no-store"
        if status >= 400 and self._may_leave_body_unread():
            headers["Connection"] = "close"  # Else the next request could meet a connection that is being closed.
        if self.settings.production:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return headers | self.quota_headers | self._cors_headers()

    def log(self, status: int, route: str | None) -> None:
        """One line a request. `route` is the pattern that matched, never the path: that may hold anything."""
        milliseconds = round((perf_counter() - self.started) * 1000, 1)
        log.info(
            "request",
            method=self.method,
            route=route,
            status=status,
            duration_ms=milliseconds,
            address=self.address,
        )

    def _may_leave_body_unread(self) -> bool:
        return bool(self.header("Transfer-Encoding")) or declared_size(self.header("Content-Length")) > READ_ALONG_BYTES

    def _host_is_ours(self) -> bool:
        allowed = self.settings.allowed_hosts
        return not allowed or self.path in PROBES or _hostname(self.header("Host") or "") in allowed

    def _origin_is_allowed(self) -> bool:
        return self.header("Origin") in self.settings.cors_origins

    def _cors_headers(self) -> dict[str, str]:
        if not self.settings.cors_origins:
            return {}
        if not self._origin_is_allowed():
            return {"Vary": "Origin"}
        headers = {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": self.header("Origin") or "",
            "Access-Control-Expose-Headers": CORS_RESPONSE_HEADERS,
        }
        if self.method == "OPTIONS":
            headers |= {
                "Access-Control-Allow-Methods": CORS_METHODS,
                "Access-Control-Allow-Headers": CORS_REQUEST_HEADERS,
                "Access-Control-Max-Age": "600",
            }
        return headers


def _hostname(host: str) -> str:
    """`host` without its port; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and (port.isdigit() or not port) else host).lower()
