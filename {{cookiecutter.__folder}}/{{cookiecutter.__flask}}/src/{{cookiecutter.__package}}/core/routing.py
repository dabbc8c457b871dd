"""How Flask runs an operation of the contract: checks in the contract's order, one transaction a request.

Flask leaves both to the view. `operation` reads the view's signature instead: a parameter whose type is a
request body is read, parsed and validated; the parameter `me` is whoever calls, `query` the page that is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, get_type_hints
from uuid import UUID

from flask import Blueprint, Flask, Response, g, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, Rule

from .database import open_session, transaction
from .edge import ID_PATTERN, SAFE_METHODS
from .json_body import check_size, declared_size, parse_json
from .pagination import PageQuery
from .problems import RequestInvalid, expected_problems
from .schemas import RequestBody
from .tokens import bearer_token
from .wsgi import read_body


@dataclass(frozen=True)
class Caller:
    """Who may call an operation: whomever `identify` recognises by an access token."""

    identify: Callable[[str], Any]

    def check(self) -> Any:
        """Raises Unauthenticated, or what `identify` raises."""
        return self.identify(bearer_token(request.headers.get("Authorization")))


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
        returns: Any,
        status: int,
        problems: tuple[int, ...],
    ) -> None:
        update_wrapper(self, view)
        self.view = view
        self.caller = caller
        self.returns: TypeAdapter[Any] = TypeAdapter(returns)
        self.status = status
        self.problems = expected_problems(view, signed_in=isinstance(caller, Caller)) | set(problems)
        hints = get_type_hints(view)
        self.takes_caller = "me" in hints
        self.takes_query = "query" in hints
        self.body = next(((name, hint) for name, hint in hints.items() if _is_body(hint)), None)

    def __call__(self, **arguments: Any) -> Response:
        caller = self.caller.check()
        check_size(declared_size(request.headers.get("Content-Length")))
        if self.takes_caller:
            arguments["me"] = caller
        if self.takes_query:
            arguments["query"] = _validate(PageQuery, "query", _last_values(request.args))
        if self.body:
            name, model = self.body
            document = parse_json(read_body(request.environ), request.headers.get("Content-Type"))
            arguments[name] = _validate(model, "body", document)
        g.session = open_session(read_only=request.method in SAFE_METHODS)
        with transaction(g.session):
            value, headers = _with_headers(self.view(**arguments))
            content = self.returns.dump_json(self.returns.validate_python(value, from_attributes=True))
        if self.status == 204:
            return Response(status=204, mimetype="application/json")
        return Response(content, self.status, headers, mimetype="application/json")


def operation(
    caller: Caller | Anyone, *, returns: Any, status: int = 200, problems: tuple[int, ...] = ()
) -> Callable[[Callable[..., Any]], Operation]:
    """`problems`: the statuses of the operation's own errors."""
    return lambda view: Operation(view, caller, returns, status, problems)


def register(app: Flask, feature: Blueprint) -> None:
    """Refuses, at start-up, a feature with a view that is no operation: nobody would have said who may call it."""
    app.register_blueprint(feature, url_prefix="/api/v1")
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(f"{feature.name}.") and not isinstance(view, Operation):
            raise TypeError(f"{endpoint} does not declare its caller: decorate it with @operation.")


class IdConverter(BaseConverter):
    """`<id:user_id>` in a path: another spelling of an id is another path."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> UUID:
        return UUID(value)


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


def _validate[Model: BaseModel](model: type[Model], location: str, document: Any) -> Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise RequestInvalid([{**fault, "loc": (location, *fault["loc"])} for fault in faults]) from None


def _last_values(arguments: MultiDict[str, str]) -> dict[str, str]:
    """Of a parameter that comes more than once, the last counts."""
    return {name: values[-1] for name, values in arguments.lists()}


def _with_headers(result: Any) -> tuple[Any, Mapping[str, str]]:
    return result if isinstance(result, tuple) else (result, {})
