"""How Django meets a request: its own WSGI handler, with this service's bodies, routes and answers."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.functional import cached_property

from .error_handlers import respond
from .json_body import parse_json
from .problems import MethodNotAllowed
from .wsgi import ROUTE, read_body, route_pattern

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Request(WSGIRequest):
    """Reads and parses its body when it is first asked for. Ninja asks after it has checked the caller."""

    json: Any

    @cached_property
    def body(self) -> bytes:
        body = read_body(self.environ)
        self.json = parse_json(body, self.environ.get("CONTENT_TYPE"))
        return body

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Left to parse_json: Django raises on a long one, and decodes the query in the charset that it names."""
        self.content_type, self.content_params = meta.get("CONTENT_TYPE", ""), {}


class Handler(WSGIHandler):
    request_class = Request

    def __call__(  # type: ignore[override]
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> list[bytes]:
        """In one piece, so that the server can say how long it is."""
        with closing(super().__call__(environ, start_response)) as response:
            return list(response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = super().get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return respond(request, MethodNotAllowed(response["Allow"].split(", ")))
        return response

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        match = super().resolve_request(request)
        request.META[ROUTE] = route_pattern(f"/{match.route}")
        return match
