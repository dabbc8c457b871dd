"""How Flask runs an operation of the contract: checks in the contract's order, one transaction a request.

Flask leaves both to the view. `operation` reads the view's signature instead: a parameter whose type is a
request body is read, parsed and validated; the parameter `user` is whoever calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, get_type_hints

from flask import Blueprint, Flask, Response, g, request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from .database import SAFE_METHODS, open_session, transaction
from .errors import Unauthenticated
from .json_body import parse_json
from .problems import RequestInvalid
from .schemas import RequestBody
from .wsgi import read_body


@dataclass(frozen=True)
class Caller:
    """Who may call an operation: whomever `identify` recognises by an access token."""

    identify: Callable[[str], Any]

    def check(self) -> Any:
        """Raises Unauthenticated, or what `identify` raises."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        return self.identify(token)


class Anyone:
    """Declares an operation open."""

    def check(self) -> None:
        """Nothing to check."""


ANYONE = Anyone()


class Operation:
    """A view of the contract. The wrapped function returns a value of the type `returns`, or that and headers."""

    def __init__(
        self,
        view: Callable[..., Any],
        caller: Caller | Anyone,
        returns: type,
        status: int,
        problems: tuple[int, ...],
    ) -> None:
        update_wrapper(self, view)
        self.view = view
        self.caller = caller
        self.returns: TypeAdapter[Any] = TypeAdapter(returns)
        self.status = status
        self.problems = problems
        hints = get_type_hints(view)
        self.takes_user = "user" in hints
        self.body = next(((name, hint) for name, hint in hints.items() if _is_body(hint)), None)

    def __call__(self, **arguments: Any) -> Response:
        user = self.caller.check()
        if self.takes_user:
            arguments["user"] = user
        if self.body:
            name, model = self.body
            arguments[name] = _validate(model)
        g.session = open_session(read_only=request.method in SAFE_METHODS)
        with transaction(g.session):
            value, headers = _with_headers(self.view(**arguments))
            content = self.returns.dump_json(self.returns.validate_python(value, from_attributes=True))
        return Response(content, self.status, headers, mimetype="application/json")


def operation(
    caller: Caller | Anyone, *, returns: type, status: int = 200, problems: tuple[int, ...]
) -> Callable[[Callable[..., Any]], Operation]:
    """`problems`: the statuses, besides its own, that the operation may answer with."""
    return lambda view: Operation(view, caller, returns, status, problems)


def register(app: Flask, feature: Blueprint) -> None:
    """Refuses, at start-up, a feature with a view that is no operation: nobody would have said who may call it."""
    app.register_blueprint(feature, url_prefix="/api/v1")
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(f"{feature.name}.") and not isinstance(view, Operation):
            raise TypeError(f"{endpoint} does not declare its caller: decorate it with @operation.")


class ExactRule(Rule):
    """Answers the methods that it names, and no HEAD on top."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.methods = set(options.get("methods") or ())


def current_session() -> Session:
    session: Session = g.session
    return session


def _is_body(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, RequestBody)


def _validate(body: type[RequestBody]) -> RequestBody:
    document = parse_json(read_body(request.environ), request.headers.get("Content-Type"))
    try:
        return body.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise RequestInvalid([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None


def _with_headers(result: Any) -> tuple[Any, Mapping[str, str]]:
    return result if isinstance(result, tuple) else (result, {})
