"""Every 4xx and 5xx of the service, as RFC 9457 problem details."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from pydantic import BaseModel

from .errors import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    ServiceError,
    Unauthenticated,
    Unavailable,
)
from .logging import current_request_id

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 1
MAX_FIELD_LENGTH = 200
# A problem has its own, not those of the framework's error page.
OWN_HEADERS = {"content-type", "content-length"}


class HttpError(ServiceError):
    """A request that is refused before any service is called. Set `status` unless a base class has one in STATUSES."""

    status: int | None = None


class FrameworkError(HttpError):
    """An error of the framework's own, such as `abort(409)` or `HTTPException(409)`, with its status."""

    def __init__(self, status: int, detail: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or title_of(status))
        self.status = status
        self.code = re.sub(r"\W+", "_", title_of(status)).strip("_").lower()  # type: ignore[misc]
        self.headers = {name: value for name, value in (headers or {}).items() if name.lower() not in OWN_HEADERS}


class MalformedJson(HttpError, BadRequest):
    code = "malformed_json"


class MethodNotAllowed(HttpError):
    status = 405
    code = "method_not_allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("The resource has no such method; see Allow.")
        methods = set(allowed)
        self.allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


class UnsupportedMediaType(HttpError):
    status = 415
    code = "unsupported_media_type"


class RequestInvalid(HttpError):
    """`errors` as pydantic lists them, each `loc` starting with body, query, path or header."""

    status = 422
    code = "validation_error"

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("The request is not what the contract asks for; see errors.", list(map(_field_error, errors)))


class InternalError(HttpError):
    status = 500
    code = "internal_error"

    def __init__(self) -> None:
        super().__init__("This is a fault of the service; its log has the details.")


STATUSES: dict[type[ServiceError], int] = {
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    RateLimited: 429,
    Unavailable: 503,
}

# The names of RFC 9110, which Python 3.12 does not have yet.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


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
    """The response for an exception. An exception that is no ServiceError is a bug: a 500, and logged."""
    if not isinstance(error, ServiceError):
        log.error("unhandled_error", exc_info=error)
        error = InternalError()
    elif isinstance(error, Unavailable) and error.__cause__:
        log.warning(error.code, cause=str(error.__cause__).partition("\n")[0])
    elif isinstance(error, RateLimited):
        log.warning(error.code, limit=error.quota.name)
    status = status_of(error)
    problem = Problem(
        type="about:blank",
        title=title_of(status),
        status=status,
        detail=error.detail,
        instance=path.encode(errors="replace").decode(),
        code=error.code,
        request_id=current_request_id() or "-",
    )
    if status == 422 or error.errors:
        problem = ValidationProblem(**dict(problem), errors=list(error.errors))
    headers = {"Content-Type": "application/problem+json"} | _headers(error)
    return ProblemResponse(status, problem.model_dump_json().encode(), headers)


def status_of(error: ServiceError) -> int:
    if isinstance(error, HttpError) and error.status:
        return error.status
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def title_of(status: int) -> str:
    """`Error` for a status that is not standard."""
    return TITLES.get(status) or (HTTPStatus(status).phrase if status in HTTPStatus else "Error")


def _field_error(error: Mapping[str, Any]) -> FieldError:
    location, *path = error["loc"]
    location = {"cookie": "header", "form": "body", "file": "body"}.get(location, location)
    kind, message = error["type"], error["msg"]
    if kind.startswith("model_"):
        kind, message = "object_type", "Input should be an object"  # pydantic's message has the name of the class.
    elif kind.endswith("_parsing"):
        message = "Input is not valid"  # pydantic's message repeats the input.
    field = ".".join(map(str, path))[:MAX_FIELD_LENGTH]
    return FieldError(location=location, field=field, message=message, type=kind)


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
        case FrameworkError():
            return error.headers
        case _:
            return {}
