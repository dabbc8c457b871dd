"""How Ninja runs an operation of this service: one transaction per request, and problems for errors."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db.transaction import TransactionManagementError, atomic, get_connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import register_converter
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security.http import HttpAuthBase
from pydantic_core import to_json

from .database import is_unavailable
from .errors import DatabaseUnavailable, NotFound, ServiceError
from .http import ID_PATTERN, SAFE_METHODS, parse_json
from .problems import FrameworkError, MethodNotAllowed, RequestInvalid, problem_response

OWN_TRANSACTIONS = "own_transactions"
TRANSACTION = "service.transaction"


class Authentication(HttpAuthBase):
    """Who may call an operation: the user that `authenticate` finds for an Authorization header is `request.auth`."""

    openapi_scheme = "bearer"

    def __init__(self, authenticate: Callable[[str | None], Any]) -> None:
        super().__init__()
        self.authenticate = authenticate

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request.headers.get("Authorization"))


def anyone(_request: HttpRequest) -> bool:
    """Declares an operation open: `auth=anyone`."""
    return True


class IdConverter:
    """`{id:user_id}` in a path. Only the canonical spelling of an id matches."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> UUID:
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        return str(value)


register_converter(IdConverter, "id")


def _media_type(request: HttpRequest) -> tuple[str | None, str | None]:
    return request.META.get("CONTENT_TYPE"), request.META.get("HTTP_CONTENT_ENCODING")


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return parse_json(request.body, *_media_type(request))


class JsonRenderer(BaseRenderer):
    """Writes JSON as pydantic does: Django's encoder cuts times to milliseconds."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


class Api(NinjaAPI):
    """Refuses, at start-up, an operation that does not say who may call it."""

    def __init__(self) -> None:
        super().__init__(openapi_url=None, docs_url=None, parser=JsonParser(), renderer=JsonRenderer())
        self.add_decorator(in_one_transaction, mode="operation")
        self.add_decorator(self._commit, mode="view")

    @property
    def urls(self) -> Any:
        for router in self._get_bound_routers():
            for path, view in router.path_operations.items():
                if not all(operation.auth_callbacks for operation in view.operations):
                    raise TypeError(f"{router.prefix}{path} does not say who may call it: auth=anyone, or signed_in.")
        patterns, *others = super().urls
        # Without Ninja's own page at `/`, which says that it has no docs.
        return [pattern for pattern in patterns if getattr(pattern, "name", None) != "api-root"], *others

    def set_default_exception_handlers(self) -> None:
        """Ninja prefers one that `@api.exception_handler` adds for a more specific class."""
        self.add_exception_handler(Exception, respond)
        self.add_exception_handler(ServiceError, respond)
        self.add_exception_handler(Http404, respond)
        self.add_exception_handler(HttpError, _respond_http_error)
        self.add_exception_handler(ValidationError, _respond_invalid)

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Ends the transaction before a handler runs, which may read and write again."""
        request.META[TRANSACTION].undo(exc)
        return super().on_exception(request, exc)

    def get_content_type(self) -> str:
        return "application/json"

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def _commit(self, run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Commits before the response leaves, so that a client never gets a success that was not committed."""

        @wraps(run)
        def run_and_commit(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            with Transaction() as transaction:
                request.META[TRANSACTION] = transaction
                try:
                    response = run(request, **arguments)
                    transaction.commit()
                except Exception as error:
                    return self.on_exception(request, error)
                return response

        return run_and_commit


class Transaction(ExitStack):
    """Of a request that may write: begins before its view and ends when Ninja has checked and written the response."""

    is_open = False

    def begin(self) -> None:
        self.enter_context(atomic())
        self.is_open = True

    def commit(self) -> None:
        if self.is_open and get_connection().needs_rollback:
            raise TransactionManagementError(
                "The operation succeeded, but its transaction must roll back: raise an error instead of"
                " set_rollback, and catch one of the database outside an atomic() of its own."
            )
        self.is_open = False
        self.close()

    def undo(self, error: Exception) -> None:
        if isinstance(error, ServiceError) and error.keeps_changes:
            self.commit()
        self.is_open = False
        self.__exit__(type(error), error, error.__traceback__)


def in_one_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    if iscoroutinefunction(view):
        raise TypeError(f"{view.__name__} is async, but transactions are not: see docs/adr/0002-synchronous.md.")

    @wraps(view)
    def run(request: HttpRequest, **arguments: Any) -> Any:
        if request.method not in SAFE_METHODS and not hasattr(view, OWN_TRANSACTIONS):
            request.META[TRANSACTION].begin()
        return view(request, **arguments)

    return run


def own_transactions[View: Callable[..., Any]](view: View) -> View:
    """Leaves transactions to the service that the view calls: none is open while a password is hashed."""
    setattr(view, OWN_TRANSACTIONS, True)
    return view


class ProblemMiddleware:
    """For Django's own list of middleware: turns expected errors of any view into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return respond(request, MethodNotAllowed(response["Allow"].split(", ")))
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.resolver_match and (scope := request.META.get("asgi.scope")):
            scope["route"] = f"/{request.resolver_match.route}"  # For the log.

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return respond(request, error) if isinstance(error, ServiceError) or is_unavailable(error) else None


def respond(request: HttpRequest, exception: Any) -> HttpResponse:
    """Also for Django's `handler400`, `handler403` and `handler404`."""
    path = request.META.get("asgi.scope", {}).get("path", request.path)
    problem = problem_response(_translated(request, exception), path)
    return HttpResponse(problem.body, status=problem.status, headers=problem.headers)


def _respond_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja wraps what the parser raised in an error of its own."""
    return respond(request, error.__cause__ if isinstance(error.__cause__, ServiceError) else error)


def _respond_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    if any(fault["loc"][0] == "body" for fault in error.errors) and not request.body:
        try:
            parse_json(b"", *_media_type(request))  # Ninja does not pass an empty body to the parser.
        except ServiceError as refusal:
            return respond(request, refusal)
    return respond(request, RequestInvalid([_in_contract_words(fault) for fault in error.errors]))


def _translated(request: HttpRequest, error: Exception) -> Exception:
    match error:
        case Http404():
            return FrameworkError(404, str(error)) if request.resolver_match else NotFound()
        case PermissionDenied():
            return FrameworkError(403, str(error))
        case BadRequest() | SuspiciousOperation():
            return FrameworkError(400)
        case HttpError():
            return FrameworkError(error.status_code, error.message)
        case _ if is_unavailable(error):
            return DatabaseUnavailable(error)
    return error


def _in_contract_words(error: dict[str, Any]) -> dict[str, Any]:
    """Forms and files are the body too. Before the fields of a JSON body, Ninja puts the name of its parameter."""
    source, *path = error["loc"]
    match source:
        case "body":
            return {**error, "loc": ("body", *path[1:])}
        case "form" | "file":
            return {**error, "loc": ("body", *path)}
    return error
