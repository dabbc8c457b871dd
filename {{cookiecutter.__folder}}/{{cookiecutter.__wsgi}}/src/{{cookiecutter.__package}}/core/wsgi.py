"""The edge of the service as WSGI middleware, and request bodies that know their bounds."""

import re
from collections.abc import Iterable
from http.client import responses
from typing import TYPE_CHECKING, Any

from .edge import Exchange
from .json_body import MAX_BODY_BYTES, check_size, declared_size
from .problems import MalformedJson, ProblemResponse
from .rate_limits import ApiLimit
from .settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Where the framework leaves the pattern of the route that matched, for the log.
ROUTE = "service.route"
# Where the framework finds the decoded path, as it was before the framework tidied it.
PATH = "service.path"


class EdgeMiddleware:
    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.api_limit = ApiLimit(settings)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def header(name: str) -> str | None:
            variable = name.upper().replace("-", "_")
            return environ.get(variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}")

        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        peer = environ.get("REMOTE_ADDR", "")
        method = environ["REQUEST_METHOD"]
        exchange = Exchange(method, path, header, peer, self.settings, self.api_limit)
        if method != method.upper():
            environ["REQUEST_METHOD"] = "UNKNOWN"  # Else the framework would take `get` for GET.
        environ[PATH] = exchange.path
        environ["REMOTE_ADDR"] = exchange.address
        status = 500

        def start_with_headers(line: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal status
            status = int(line.split()[0])
            own = {name.lower() for name, _ in headers}
            added = [pair for pair in exchange.response_headers(status).items() if pair[0].lower() not in own]
            return start_response(line, headers + added, *exc_info)

        try:
            early = exchange.early_response()
            return _respond(early, start_with_headers) if early else self.app(environ, start_with_headers)
        except Exception as error:
            return _respond(exchange.failure(error), start_with_headers)
        finally:
            exchange.log(status, environ.get(ROUTE))


def route_pattern(rule: str) -> str:
    """As the contract writes it: `/users/{user_id}` for `/users/<id:user_id>`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def read_body(environ: "WSGIEnvironment") -> bytes:
    """Raises PayloadTooLarge before it has read more than the largest body there may be."""
    size = declared_size(environ.get("CONTENT_LENGTH"))
    check_size(size)
    ends = environ.get("wsgi.input_terminated") or environ.get("HTTP_TRANSFER_ENCODING")
    body = bytes(environ["wsgi.input"].read(MAX_BODY_BYTES + 1 if ends else size))
    check_size(len(body))
    if len(body) < size:
        raise MalformedJson("The body ended too early.")
    return body


def _respond(response: ProblemResponse, start_response: "StartResponse") -> list[bytes]:
    line = f"{response.status} {responses[response.status]}"
    start_response(line, [*response.headers.items(), ("Content-Length", str(len(response.body)))])
    return [response.body]
