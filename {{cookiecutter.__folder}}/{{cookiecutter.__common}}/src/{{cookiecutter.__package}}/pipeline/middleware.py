"""What every request passes before the framework sees it: one class per concern.

`MIDDLEWARE` in the application lists those that run, in order: the first one sees a request first and its response
last. Each is plain ASGI (https://asgi.readthedocs.io). To remove one, delete its line; to add one, add a line.
"""

import re
from abc import ABC, abstractmethod
from asyncio import to_thread
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any

import structlog
from uuid_utils import uuid7

from ..core.errors import BadRequest, NotFound
from ..core.http import SAFE_METHODS
from ..core.logging import bind_request_id
from ..core.problems import HttpError, ProblemResponse, problem_response
from ..core.settings import Settings
from .bodies import BodiesInFlight, Receive, check_size
from .rate_limits import ApiLimit, Network, network_of, parse_ip

log = structlog.get_logger()

PROBES = {"/healthz", "/readyz"}
API = "/api/"
# A client's own request id.
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
# The server reads this much of a body together with the head, or soon after it.
READ_ALONG_BYTES = 16 * 1024
CORS_METHODS = "GET, POST, PUT, PATCH, DELETE"
CORS_RESPONSE_HEADERS = "Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID, Idempotency-Replayed"
NO_STORE = [(b"cache-control", b"no-store")]
POLICY = b"default-src 'none'; frame-ancestors 'none'"
HTML_POLICY = b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]
type Middlewares = Sequence[Callable[[App, Settings], App]]


def with_middleware(app: App, middleware: Middlewares, settings: Settings) -> App:
    for wrap in reversed(middleware):
        app = wrap(app, settings)
    return app


class Middleware(ABC):
    """Handles HTTP requests. WebSockets and the start and stop of the server pass through."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app = self.next = app
        if isinstance(app, Middleware) and type(app).__call__ is Middleware.__call__:
            self.next = app.handle  # Saves a step: `handle` gets HTTP requests only.
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.handle if scope["type"] == "http" else self.app)(scope, receive, send)

    @abstractmethod
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class JoinedHeaders(Middleware):
    """A header that is sent twice becomes one with both values (RFC 9110, 5.3), so that no framework picks one."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        joined: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            joined[name] = joined[name] + (b"; " if name == b"cookie" else b", ") + value if name in joined else value
        scope["headers"] = list(joined.items())
        await self.next(scope, receive, send)


class RequestId(Middleware):
    """The id of a request is in its response, in its problems and in every line of its log."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = request_id_for(header(scope, b"x-request-id"))
        bind_request_id(request_id)
        await self.next(scope, receive, adding(send, encoded({"X-Request-ID": request_id})))


def request_id_for(header: str | None) -> str:
    """The client's own id if it is harmless in a log, otherwise a new one."""
    return header if header and ACCEPTED_ID.match(header) else str(uuid7())


class AccessLog(Middleware):
    """One line per request, with the pattern of its route. Its path may contain anything and is never logged."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        method, status = scope["method"], None

        async def send_and_note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.next(scope, receive, send_and_note)
        finally:
            log.info(
                "request",
                method=method,
                route=route_of(scope),
                status=status,
                duration_ms=round((perf_counter() - started) * 1000, 1),
                client_ip=client_of(scope),
            )


class HeadAsGet(Middleware):
    """HEAD answers as GET does, without the body (RFC 9110, 9.3.2). A stream, which may be endless, is not made."""

    class Complete(Exception):
        """Ends a stream at its first chunk."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self.next(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):
                raise self.Complete

        scope["method"] = "GET"
        with suppress(self.Complete):
            await self.next(scope, receive, send_head)


class SecurityHeaders(Middleware):
    """Tells browsers what they may do with a response. Headers that the response already has stay as they are."""

    def __init__(self, app: App, settings: Settings) -> None:
        super().__init__(app, settings)
        headers = {
            "Server": "service",  # Otherwise the server fills in its own name.
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        if settings.production:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        self.headers = encoded(headers)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self.headers + (NO_STORE if scope["path"].startswith(API) else [])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                media_type = dict(message["headers"]).get(b"content-type", b"")
                policy = HTML_POLICY if media_type.startswith(b"text/html") else POLICY
                add(message, [*headers, (b"content-security-policy", policy)])
            await send(message)

        await self.next(scope, receive, send_with_headers)


class ErrorResponses(Middleware):
    """Turns an exception that the framework did not handle into a problem (RFC 9457): a 500, unless it is expected."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.next(scope, receive, send_and_note)
        except Exception as error:
            if started:
                raise  # The response has begun: the server can only abort it.
            await respond(problem_response(error, scope["path"]), scope, send)


class TrustedProxies(Middleware):
    """Takes the client's IP address from X-Forwarded-For, and the scheme from X-Forwarded-Proto, of trusted proxies
    (`TRUSTED_PROXIES`).
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer, trusted = client_of(scope), self.settings.trusted_proxies
        scheme = header(scope, b"x-forwarded-proto")
        if scheme in {"http", "https"} and _is_trusted(peer, trusted):
            scope["scheme"] = scheme
        scope["client"] = (client_ip(peer, header(scope, b"x-forwarded-for"), trusted), 0)
        await self.next(scope, receive, send)


class InvalidHost(HttpError, BadRequest):
    code = "invalid_host"


class TrustedHosts(Middleware):
    """Refuses requests for a host that is not in `ALLOWED_HOSTS`, but no probes."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = header(scope, b"host") or ""
        if scope["path"] not in PROBES and not self._is_ours(host):
            raise InvalidHost("The service does not answer for this host.")
        await self.next(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        allowed = self.settings.allowed_hosts
        return hostname(host) in allowed if allowed else bool(host) and "," not in host


class Cors(Middleware):
    """Lets pages of other origins (`CORS_ORIGINS`) read responses, also those of errors."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.settings.cors_origins:
            await self.next(scope, receive, send)
            return
        origin = header(scope, b"origin") or ""
        headers = encoded(
            {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": CORS_RESPONSE_HEADERS}
        )

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                vary(message, b"Origin")
                add(message, headers if origin in self.settings.cors_origins else [])
            await send(message)

        await self.next(scope, receive, send_readable)


class CorsPreflight(Middleware):
    """Answers what a browser asks before a page of `CORS_ORIGINS` may send a request."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method")
        if not asks or header(scope, b"origin") not in self.settings.cors_origins:
            await self.next(scope, receive, send)
            return
        headers = {
            "Access-Control-Allow-Methods": CORS_METHODS,
            "Access-Control-Allow-Headers": header(scope, b"access-control-request-headers") or "",
            "Access-Control-Max-Age": "600",
        }
        await respond(ProblemResponse(204, b"", headers), scope, send)


class BodySize(Middleware):
    """Refuses a body whose declared size is above `MAX_BODY_BYTES`, without reading it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_size(declared_size(scope), self.settings.max_body_bytes)
        await self.next(scope, receive, send)


class RateLimit(Middleware):
    """Limits requests to the API, and others with a body (`RATE_LIMIT`), per user, or per IP address without a valid
    token.
    """

    def __init__(self, app: App, settings: Settings, user_of: Callable[[str | None], str | None]) -> None:
        super().__init__(app, settings)
        self.user_of = user_of
        self.limit = ApiLimit(settings)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(API) and not may_have_body(scope):
            await self.next(scope, receive, send)
            return
        key = self.user_of(header(scope, b"authorization")) or network_of(client_of(scope))
        # Counting in Redis waits for its answer, and the event loop must not wait.
        quota = await to_thread(self.limit.count, key) if self.limit.blocks else self.limit.count(key)
        await self.next(scope, receive, adding(send, encoded(quota.headers())))


class ExactPaths(Middleware):
    """A path has one spelling, in every framework: no doubled slash, no `%2F` for a slash, no newline at its end."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if "//" in path or path.endswith("\n") or b"%2f" in scope.get("raw_path", b"").lower():
            raise NotFound
        await self.next(scope, receive, send)


class ReceivedBody(Middleware):
    """Receives the body in the event loop, so that no thread and no transaction waits for a slow client.

    Limits: 10 seconds, `MAX_BODY_BYTES`, and 64 MiB for all bodies in a worker together.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        super().__init__(app, settings)
        self.bodies = BodiesInFlight()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        chunks: list[bytes] = []
        try:
            if not has_no_body(scope):
                await self.bodies.receive(receive, self.settings.max_body_bytes, chunks)
            body = b"".join(chunks)
            chunks[:] = [body]  # Otherwise memory would hold the body twice.
            messages = [{"type": "http.request", "body": body, "more_body": False}]

            async def receive_received() -> Message:
                if messages:
                    return messages.pop()
                message = await receive()
                while message["type"] == "http.request":  # An empty body that has not been received.
                    message = await receive()
                return message

            scope["body_received"] = True
            await self.next(scope, receive_received, send)
        finally:
            self.bodies.release(chunks)


def header(scope: Scope, name: bytes) -> str | None:
    """`name` in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None


def client_of(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def route_of(scope: Scope) -> str | None:
    """The pattern of the path, as the contract writes it. None if no route matches, or if none was looked for."""
    route = scope.get("route")
    pattern: str | None = getattr(route, "path_format", getattr(route, "path", route))
    return pattern


def declared_size(scope: Scope) -> int:
    """In bytes; 0 if none is declared."""
    length = (header(scope, b"content-length") or "").lstrip("0")
    return int(length[:18]) if length.isdecimal() else 0  # 18 digits are more than any limit.


def encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def adding(send: Send, headers: Collection[tuple[bytes, bytes]]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            add(message, headers)
        await send(message)

    return send_with_headers


def add(message: Message, headers: Collection[tuple[bytes, bytes]]) -> None:
    """Adds those that the response does not have yet."""
    own = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *[pair for pair in headers if pair[0] not in own]]


async def respond(response: ProblemResponse, scope: Scope, send: Send) -> None:
    headers = response.headers | {"Content-Length": str(len(response.body))}
    if not scope.get("body_received") and scope["http_version"] < "2" and may_have_body(scope, above=READ_ALONG_BYTES):
        headers["Connection"] = "close"  # The rest of the body would be read as the next request.
    start: Message = {"type": "http.response.start", "status": response.status, "headers": []}
    add(start, encoded(headers))
    await send(start)
    await send({"type": "http.response.body", "body": response.body})


def vary(message: Message, name: bytes) -> None:
    """Adds a name to the header Vary."""
    values = [value for key, value in message["headers"] if key.lower() == b"vary"]
    others = [pair for pair in message["headers"] if pair[0].lower() != b"vary"]
    message["headers"] = [*others, (b"vary", b", ".join([*values, name]))]


def may_have_body(scope: Scope, above: int = 0) -> bool:
    """Whether there may be more than so many bytes."""
    return header(scope, b"transfer-encoding") is not None or declared_size(scope) > above


def has_no_body(scope: Scope) -> bool:
    """Whether that is certain: the method only reads, and no header announces a body (RFC 9112, 6.3)."""
    if scope["method"] not in SAFE_METHODS or scope.get("http_version", "2") >= "2":
        return False  # HTTP/2 needs no header (RFC 9113, 8.1), and a WebSocket may have no version.
    return header(scope, b"content-length") in {None, "0"} and header(scope, b"transfer-encoding") is None


def client_ip(peer: str, forwarded_for: str | None, trusted: Collection[Network]) -> str:
    """`peer` or, if that is a trusted proxy, the last IP address in X-Forwarded-For that is not one.

    Each proxy appends at the right. What stands left of the trusted proxies can be forged.
    """
    address = peer
    hops = (forwarded_for or "").split(",")
    while hops and _is_trusted(address, trusted) and parse_ip(hop := _bare(hops.pop().strip())):
        address = hop
    return address


def _bare(hop: str) -> str:
    """Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. A zone id, as in `fe80::1%eth0`, may be any text."""
    found = re.fullmatch(r"([\d.]+):\d+|\[(.+)\](?::\d+)?", hop)
    return ((found[1] or found[2]) if found else hop).partition("%")[0]


def _is_trusted(address: str, trusted: Collection[Network]) -> bool:
    parsed = parse_ip(address) if trusted else None
    return parsed is not None and any(parsed in network for network in trusted)


def hostname(host: str) -> str:
    """`host` without its port; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and ((port.isascii() and port.isdigit()) or not port) else host).lower()
