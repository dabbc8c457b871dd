"""How Ninja runs an operation of this service: checks in the contract's order, one transaction a request.

Ninja asks who is calling before it looks at the body, and the body (see handler.py) checks its size, its media
type and that it is JSON before Ninja looks at the fields.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from ninja import NinjaAPI, Router
from ninja.constants import NOT_SET
from ninja.errors import ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security.http import HttpAuthBase
from pydantic_core import to_json

from .edge import ID_PATTERN, SAFE_METHODS
from .error_handlers import respond
from .errors import ServiceError
from .handler import Request
from .json_body import check_size, declared_size
from .problems import Problem, RequestInvalid, ValidationProblem, expected_problems
from .tokens import bearer_token

OWN_TRANSACTIONS = "own_transactions"


class Caller(HttpAuthBase):
    """Declares that an operation is for whom `identify` recognises by an access token: `request.auth`."""

    openapi_scheme = "bearer"

    def __init__(self, identify: Callable[[str], Any]) -> None:
        super().__init__()
        self.identify = identify

    def __call__(self, request: HttpRequest) -> Any:
        return self.identify(bearer_token(request.headers.get("Authorization")))


def anyone(_request: HttpRequest) -> bool:
    """Declares an operation open: `auth=anyone`."""
    return True


class IdConverter:
    """`{id:user_id}` in a path: another spelling of an id is another path."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> UUID:
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        return str(value)


register_converter(IdConverter, "id")


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        assert isinstance(request, Request)  # noqa: S101, what Ninja's signature can not say
        return request.json


class JsonRenderer(BaseRenderer):
    """Writes what pydantic would: Django's encoder cuts times to milliseconds."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


class ApiRouter(Router):
    """Adds, to the answers that an operation declares, the problems that follow from what it takes."""

    def add_api_operation(
        self,
        path: str,
        methods: list[str],
        view_func: Callable[..., Any],
        *,
        auth: Any = NOT_SET,
        response: Any = NOT_SET,
        **options: Any,
    ) -> None:
        expected = problems(*expected_problems(view_func, signed_in=isinstance(auth, Caller)))
        answers = response if isinstance(response, dict) else {200: response}
        super().add_api_operation(path, methods, view_func, auth=auth, response=expected | answers, **options)


class Api(NinjaAPI):
    """Refuses, at start-up, an operation that does not say who may call it."""

    def __init__(self) -> None:
        super().__init__(openapi_url=None, docs_url=None, parser=JsonParser(), renderer=JsonRenderer())
        self.add_decorator(transactional, mode="operation")

    @property
    def urls(self) -> Any:
        for router in self._get_bound_routers():
            for path, view in router.path_operations.items():
                if not all(operation.auth_callbacks for operation in view.operations):
                    raise TypeError(f"{router.prefix}{path} does not declare its caller: auth=anyone, or who.")
        return super().urls

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        if isinstance(exc, ValidationError):
            return respond(request, RequestInvalid([_without_parameter(error) for error in exc.errors]))
        return respond(request, exc)

    def get_content_type(self) -> str:
        return "application/json"

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def transactional(view: Callable[..., Any]) -> Callable[..., Any]:
    """Commits before the response leaves, so that nobody hears of a success that was none."""

    @wraps(view)
    def run(request: HttpRequest, **arguments: Any) -> Any:
        check_size(declared_size(request.headers.get("Content-Length")))
        if request.method in SAFE_METHODS or hasattr(view, OWN_TRANSACTIONS):
            return view(request, **arguments)
        with atomic():
            try:
                return view(request, **arguments)
            except ServiceError as error:
                if not error.keeps_changes:
                    raise
                kept = error
        raise kept

    return run


def own_transactions[View: Callable[..., Any]](view: View) -> View:
    """Leaves the transactions to the service: Django would open one before the first query, and lock SQLite."""
    setattr(view, OWN_TRANSACTIONS, True)
    return view


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """For an operation's `response`: the problems that it may answer with."""
    return {status: ValidationProblem if status == 422 else Problem for status in statuses}


def _without_parameter(error: dict[str, Any]) -> dict[str, Any]:
    """Ninja puts the name of the view's parameter before the fields of a body."""
    source, *path = error["loc"]
    return {**error, "loc": (source, *path[1:])} if source == "body" else error
