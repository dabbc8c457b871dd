"""Every 4xx and 5xx of the service, as RFC 9457 problem details."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_type_hints

import structlog
from pydantic import BaseModel

from .errors import Conflict, Forbidden, Invalid, NotFound, ServiceError, Unauthenticated, Unavailable
from .pagination import PageQuery
from .rate_limits import RateLimited
from .request_id import current_request_id
from .schemas import RequestBody

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 1


class HttpError(ServiceError):
    """A request that HTTP itself forbids, before any service is asked."""


class InvalidHost(HttpError):
    code = "invalid_host"


class MalformedJson(HttpError):
    code = "malformed_json"


class MethodNotAllowed(HttpError):
    code = "method_not_allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("The resource has no such method; see Allow.")
        self.allowed = ", ".join(sorted(allowed))


class PayloadTooLarge(HttpError):
    code = "payload_too_large"


class UnsupportedMediaType(HttpError):
    code = "unsupported_media_type"


class RequestInvalid(HttpError):
    """`errors` as pydantic lists them, each `loc` starting with body, query, path or header."""

    code = "validation_error"

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("The request is not what the contract asks for; see errors.")
        self.errors = [FieldError.of(error) for error in errors]


class InternalError(HttpError):
    code = "internal_error"


STATUSES: dict[type[ServiceError], int] = {
    InvalidHost: 400,
    MalformedJson: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    PayloadTooLarge: 413,
    UnsupportedMediaType: 415,
    RequestInvalid: 422,
    Invalid: 422,
    RateLimited: 429,
    InternalError: 500,
    Unavailable: 503,
}

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def expected_problems(view: Callable[..., Any], *, signed_in: bool) -> set[int]:
    """The statuses that follow from what a view takes, whatever it does. It names only those of its own."""
    taken = [kind for kind in get_type_hints(view).values() if isinstance(kind, type)]
    takes_body = any(issubclass(kind, RequestBody) for kind in taken)
    statuses = {400, 413, 429, 503}
    if signed_in:
        statuses |= {401}
    if takes_body:
        statuses |= {415}
    if takes_body or PageQuery in taken:
        statuses |= {422}
    return statuses


class FieldError(BaseModel):
    location: Literal["body", "query", "path", "header"]
    field: str
    message: str
    type: str

    @classmethod
    def of(cls, error: Mapping[str, Any]) -> "FieldError":
        location, *path = error["loc"]
        kind, message = error["type"], error["msg"]
        if kind.startswith("model_"):
            kind, message = "object_type", "Input should be an object"  # Not the name of our class.
        elif kind.endswith("_parsing"):
            message = "Input is not valid"  # Not the letters that could not be read.
        return cls(location=location, field=".".join(map(str, path)), message=message, type=kind)


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str


class ValidationProblem(Problem):
    errors: list[FieldError]


@dataclass(frozen=True)
class ProblemResponse:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def problem_response(error: Exception, path: str) -> ProblemResponse:
    """The answer to an error that reached the framework. What is no ServiceError is a bug: a 500, logged."""
    if not isinstance(error, ServiceError):
        log.error("unhandled_error", exc_info=error)
        error = InternalError("This is a fault of the service; its log has the details.")
    elif isinstance(error, Unavailable) and error.__cause__:
        log.warning(error.code, cause=str(error.__cause__).partition("\n")[0])
    elif isinstance(error, RateLimited):
        log.warning(error.code, limit=error.quota.name)
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    problem = Problem(
        type="about:blank",
        title=TITLES[status],
        status=status,
        detail=error.detail,
        instance=path,
        code=error.code,
        request_id=current_request_id() or "-",
    )
    if status == 422:
        problem = ValidationProblem(**dict(problem), errors=_field_errors(error))
    headers = {"Content-Type": "application/problem+json"} | _headers(error)
    return ProblemResponse(status, problem.model_dump_json().encode(), headers)


def _field_errors(error: ServiceError) -> list[FieldError]:
    match error:
        case RequestInvalid():
            return error.errors
        case Invalid():
            return [FieldError(location=error.location, field=error.field, message=error.detail, type=error.code)]
        case _:
            return []


def _headers(error: ServiceError) -> dict[str, str]:
    match error:
        case Unauthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case MethodNotAllowed():
            return {"Allow": error.allowed}
        case RateLimited():
            return {"Retry-After": str(error.quota.reset)} | error.quota.headers()
        case Unavailable():
            return {"Retry-After": str(RETRY_AFTER_SECONDS)}
        case _:
            return {}
