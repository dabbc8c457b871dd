"""How Flask runs an operation of the contract: checks in the contract's order, one transaction per request.

`operation` reads the signature of the view. The type of a parameter says what it gets: a request body, a query, or the
current user. The other parameters are those of the path.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial, update_wrapper
from inspect import iscoroutinefunction, signature
from typing import Any, get_type_hints
from uuid import UUID

import structlog
from flask import Blueprint, Flask, Request, Response, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from .database import open_session, transaction, undo
from .http import ID_PATTERN, SAFE_METHODS, parse_json
from .problems import RequestInvalid
from .schemas import RequestBody

log = structlog.get_logger()

OWN_TRANSACTIONS = "own_transactions"
SESSION = "service.session"

type Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class CookieSessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" in request.environ or not app.secret_key:
            return super().open_session(app, request)
        return self.session_class()  # Without a cookie there is no signature to check.


class Service(Flask):
    """Flask with one transaction per request: for the view, and for the functions that run before and after it."""

    session_interface = CookieSessions()

    def full_dispatch_request(self, *context: Any) -> Response:
        try:
            with _transaction():
                return super().full_dispatch_request(*context)
        except Exception as error:  # Of a function of after_request, or of the commit: Flask has no handlers for these.
            respond: Callable[..., Response] = partial(self.finalize_request, from_error_handler=True)
            handle: Callable[..., ResponseReturnValue] = self.handle_user_exception
            with _transaction():
                return respond(*context, handle(*context, error))

    def preprocess_request(self, *context: Any) -> ResponseReturnValue | None:
        with _undo_on_error():
            return super().preprocess_request(*context)

    def dispatch_request(self, *context: Any) -> ResponseReturnValue:
        if request.url_rule and (scope := request.environ.get("asgi.scope")):
            scope["route"] = request.url_rule.rule  # For the log.
        with _undo_on_error():
            return super().dispatch_request(*context)

    def handle_exception(self, *context: Any) -> Response:
        with _transaction():
            return super().handle_exception(*context)

    def do_teardown_request(self, *context: Any) -> None:
        _close_session()
        try:
            super().do_teardown_request(*context)
        finally:
            _close_session()

    def log_exception(self, *context: Any) -> None:
        log.error("unhandled_error", exc_info=context[-1])


def current_session() -> Session:
    """The session of this request, in any view. It connects at the first query and commits before the response leaves.

    With GET, HEAD and OPTIONS, each statement commits by itself.

    What runs later gets another one, in which each statement commits by itself: a stream, a function of
    teardown_request.
    """
    if not has_request_context():
        raise RuntimeError("There is no request: open a session with open_session and transaction of core.database.")
    session: Session | None = request.environ.get(SESSION)
    if session is None:
        session = request.environ[SESSION] = open_session(read_only=True)
    return session


@contextmanager
def _transaction() -> Iterator[None]:
    read_only = request.method in SAFE_METHODS
    session = request.environ[SESSION] = open_session(read_only=read_only)
    try:
        with nullcontext() if read_only else transaction(session):
            yield
            session.flush()  # What is pending would be lost after a read, which does not commit.
    finally:
        _close_session()


@contextmanager
def _undo_on_error() -> Iterator[None]:
    """Before an error handler runs, which may read and write again."""
    try:
        yield
    except BaseException as error:
        undo(current_session(), error)
        raise


def _close_session() -> None:
    if session := request.environ.pop(SESSION, None):
        session.close()


class Authentication:
    """Who may call an operation: the user that `authenticate` finds for an Authorization header."""

    def __init__(self, authenticate: Callable[[str | None], Any]) -> None:
        self.authenticate = authenticate
        self.user_type = get_type_hints(authenticate)["return"]

    def check(self) -> Any:
        """Raises Unauthenticated, or what `authenticate` raises."""
        return self.authenticate(request.headers.get("Authorization"))


class Anyone:
    """Declares an operation open."""

    user_type = None

    def check(self) -> None:
        """There is nothing to check."""


ANYONE = Anyone()


class Operation:
    """A view of the contract. The wrapped function returns a value of the type `returns`, alone or in a tuple with a
    status, headers or both, as any view of Flask does, or a response of its own.
    """

    def __init__(self, view: Callable[..., Any], who: Authentication | Anyone, returns: Any, status: int) -> None:
        if iscoroutinefunction(view):
            raise TypeError(f"{view.__name__} is async, but sessions are not: see docs/adr/0002-synchronous.md.")
        update_wrapper(self, view)
        self.view = view
        self.who = who
        self.returns: TypeAdapter[Any] = TypeAdapter(returns)
        self.status = status
        self.hints = {name: hint for name, hint in get_type_hints(view).items() if name != "return"}
        self.user = _first(self.hints, lambda hint: hint is who.user_type)
        self.body = _first(self.hints, lambda hint: _is_model(hint) and issubclass(hint, RequestBody))
        self.query = _first(self.hints, lambda hint: _is_model(hint) and not issubclass(hint, RequestBody))
        self.path = set(signature(view).parameters) - {self.user, self.body, self.query}

    def __call__(self, **arguments: Any) -> AnyResponse:
        user = self.who.check()
        if self.user:
            arguments[self.user] = user
        if self.query:
            arguments[self.query] = _validate(self.hints[self.query], "query", _last_values(request.args))
        if self.body:
            headers = request.headers
            body = request.get_data(cache=True)
            document = parse_json(body, headers.get("Content-Type"), headers.get("Content-Encoding"))
            arguments[self.body] = _validate(self.hints[self.body], "body", document)
        if hasattr(self.view, OWN_TRANSACTIONS):
            current_session().commit()
        value = self.view(**arguments)
        if isinstance(value, AnyResponse):
            return value
        match value:
            case (value, int(status), headers):
                return self._response(value, status, headers)
            case (value, int(status)):
                return self._response(value, status, {})
            case (value, headers):
                return self._response(value, self.status, headers)
        return self._response(value, self.status, {})

    def _response(self, value: Any, status: int, headers: Headers) -> Response:
        if status in {202, 204} and value is None:
            return Response(status=status, headers=headers)
        content = self.returns.dump_json(self.returns.validate_python(value, from_attributes=True))
        return Response(content, status, headers, mimetype="application/json")


def operation(
    who: Authentication | Anyone, *, returns: Any, status: int = 200
) -> Callable[[Callable[..., Any]], Operation]:
    return lambda view: Operation(view, who, returns, status)


def own_transactions[View: Callable[..., Any]](view: View) -> View:
    """Leaves transactions to the service that the view calls: none is open while a password is hashed."""
    setattr(view, OWN_TRANSACTIONS, True)
    return view


def register(app: Flask, feature: Blueprint) -> None:
    """Refuses, at start-up, a view that does not say who may call it, and a parameter that nothing fills."""
    app.register_blueprint(feature, url_prefix="/api/v1")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(f"{feature.name}."):
            continue
        view = app.view_functions[rule.endpoint]
        if not isinstance(view, Operation):
            raise TypeError(f"{rule.endpoint} does not say who may call it: decorate it with @operation.")
        if unknown := view.path ^ rule.arguments:
            raise TypeError(
                f"{rule.endpoint}: {', '.join(sorted(unknown))} must be in the view and in its path {rule.rule}, or be"
                " a request body, a query model or what the authentication returns."
            )


class IdConverter(BaseConverter):
    """`<id:user_id>` in a path. Only the canonical spelling of an id matches."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> UUID:
        return UUID(value)


def _first(hints: Mapping[str, Any], matches: Callable[[Any], bool]) -> str | None:
    return next((name for name, hint in hints.items() if matches(hint)), None)


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _validate[Model: BaseModel](model: type[Model], location: str, document: Any) -> Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise RequestInvalid([{**fault, "loc": (location, *fault["loc"])} for fault in faults]) from None


def _last_values(arguments: MultiDict[str, str]) -> dict[str, str]:
    """If a parameter is sent more than once, the last value counts."""
    return {name: values[-1] for name, values in arguments.lists()}
