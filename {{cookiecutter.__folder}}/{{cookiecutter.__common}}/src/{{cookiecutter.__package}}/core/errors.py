"""The kinds of expected failures.

A feature derives its own errors from these, beside the service that raises them, and gives each a `code`
that clients may rely on. `problems.py` turns kinds into HTTP statuses; nothing else does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from limits import RateLimitItem
from pydantic import BaseModel

type Location = Literal["body", "query", "path", "header"]


class FieldError(BaseModel):
    """What is wrong with one part of a request: `field` is its place there, such as `items.0.quantity`."""

    location: Location
    field: str
    message: str
    type: str


class ServiceError(Exception):
    """`detail` is shown to people: it must not repeat what a client sent.

    An error rolls back what the request has written, unless it `keeps_changes`.
    """

    code: ClassVar[str]
    keeps_changes: ClassVar[bool] = False

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class BadRequest(ServiceError):
    """A request that can not be understood, or that lacks what every such request must have."""


class Unauthenticated(ServiceError):
    """The same answer for a token that is missing, forged or expired, or whose session has ended."""

    code = "unauthenticated"

    def __init__(self, detail: str = "A valid access token is needed.") -> None:
        super().__init__(detail)


class Forbidden(ServiceError):
    code = "forbidden"


class NotFound(ServiceError):
    code = "not_found"

    def __init__(self, detail: str = "There is nothing at this path.") -> None:
        super().__init__(detail)


class Conflict(ServiceError):
    """The current state does not allow it."""


class Invalid(ServiceError):
    """A value that is well formed but refused. `location` and `field` say where it was sent."""

    location: ClassVar[Location] = "body"
    field: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail, [FieldError(location=self.location, field=self.field, message=detail, type=self.code)])


class Unavailable(ServiceError):
    """The same request may succeed later."""


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"

    def __init__(self, cause: Exception) -> None:
        super().__init__("The database does not answer; please try again.")
        self.__cause__ = cause


class Overloaded(Unavailable):
    """Too much work is waiting."""

    code = "overloaded"


@dataclass(frozen=True)
class Quota:
    """How many requests a limit still allows, and in how many seconds it allows more."""

    name: str
    limit: RateLimitItem
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset}',
        }


class RateLimited(ServiceError):
    code = "rate_limited"

    def __init__(self, quota: Quota) -> None:
        super().__init__("There have been too many requests; please wait.")
        self.quota = quota


class Duplicate(Exception):
    """Raised by repositories: a unique column has this value already. Services raise a named error instead."""
