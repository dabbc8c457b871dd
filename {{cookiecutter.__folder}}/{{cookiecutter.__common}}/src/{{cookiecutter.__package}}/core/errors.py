"""The kinds of failure that are no bug.

A feature derives its own errors from these, beside the service that raises them, and gives each a `code`
that clients may rely on. `problems.py` turns kinds into HTTP; nothing else does.
"""

from typing import ClassVar, Literal


class ServiceError(Exception):
    """`detail` is shown to people: it must not repeat what was sent.

    An error undoes what the request has written, unless it `keeps_changes`: the refusal itself was the work.
    """

    code: ClassVar[str]
    keeps_changes: ClassVar[bool] = False

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Unauthenticated(ServiceError):
    """One answer to every token that is missing, forged, expired or of a session that has ended."""

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
    """The present state does not allow it."""


class Invalid(ServiceError):
    """A value that is well formed and still not to be had. `location` and `field` say where it was sent."""

    location: ClassVar[Literal["body", "query"]] = "body"
    field: ClassVar[str]


class Unavailable(ServiceError):
    """Something that the service depends on is away for now; the same request may succeed later."""


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"

    def __init__(self, cause: Exception) -> None:
        super().__init__("The database does not answer; please try again.")
        self.__cause__ = cause


class NotReady(Unavailable):
    code = "not_ready"


class Duplicate(Exception):
    """Raised by repositories: a unique column holds this value already. Services give it a name."""
