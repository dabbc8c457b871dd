"""How FastAPI runs a route of this service: one thread and one transaction per request.

`Route` is FastAPI's own way to customize routes ("Custom Request and APIRoute class" in its documentation). The rest of
its documentation still applies: `dependency_overrides`, forms and files, dependencies with `yield`, and a plain
`APIRouter`, whose routes can use `DbSession` and the current user too.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import partial, wraps
from inspect import Parameter, isasyncgenfunction, iscoroutinefunction, isgeneratorfunction, signature
from typing import Annotated, Any
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response, params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi.utils import is_body_allowed_for_status_code
from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import HTTPConnection

from .database import open_session, transaction, undo
from .http import ID_PATTERN, SAFE_METHODS, parse_json
from .pagination import PageQuery
from .problems import HttpError

OWN_TRANSACTIONS = "own_transactions"
SMALL_BODY_BYTES = 16 * 1024


async def db_session(request: HTTPConnection) -> AsyncIterator[Session]:
    """The session of a request. A `Route` commits it in the thread of its endpoint; other routes commit here.

    What may last needs sessions of its own: a WebSocket, a stream, a background task.
    """
    with open_session(read_only=request.scope.get("method") in SAFE_METHODS) as session:
        if request.scope["type"] == "websocket":
            session.close()
        try:
            yield session
            if session.in_transaction():
                await run_sync(session.commit)
        except BaseException as error:
            if session.in_transaction():
                await run_sync(undo, session, error)
            raise


DbSession = Annotated[Session, Depends(db_session, scope="function")]


@dataclass
class Call:
    """A call of an endpoint. FastAPI adds the headers and the status of `response` to the endpoint's response."""

    request: Request
    response: Response
    session: Session


async def current_call(request: Request, response: Response, session: DbSession) -> Call:
    return Call(request, response, session)


class Anyone:
    """Declares a route open: `router.post(..., dependencies=[ANYONE])`."""

    async def __call__(self, request: Request) -> None:
        await self.check(request)

    async def check(self, request: Request) -> None:
        """A subclass may look at something else than an access token, such as a signature."""


ANYONE = Depends(Anyone())


class Authentication(HTTPBearer):
    """A dependency that returns the current user, whom `authenticate` finds for an Authorization header."""

    def __init__(self, authenticate: Callable[[Session, str | None], Any]) -> None:
        super().__init__(scheme_name="accessToken", bearerFormat="JWT")
        self.authenticate = authenticate

    async def __call__(self, request: HTTPConnection, session: DbSession) -> Any:  # type: ignore[override]
        if request.scope["type"] == "websocket":
            return await self.check(request)
        deferred = Deferred(lambda: self.authenticate(session, request.headers.get("Authorization")))
        return deferred if _authenticates_late(request) else await run_sync(deferred.find)

    async def check(self, request: HTTPConnection) -> Any:
        """The current user, found in a session of its own. Raises Unauthenticated, or what `authenticate` raises."""
        return await run_sync(self._find, request.headers.get("Authorization"))

    def _find(self, authorization: str | None) -> Any:
        with open_session(read_only=True) as session, transaction(session):
            return self.authenticate(session, authorization)


@dataclass
class Deferred:
    """A value that the endpoint's thread finds, in its transaction."""

    find: Callable[[], Any]


PageParameters = Annotated[PageQuery, Query()]


class IdConvertor(Convertor[UUID]):
    """`{user_id:id}` in a path. Only the canonical spelling of an id matches."""

    regex = ID_PATTERN

    def convert(self, value: str) -> UUID:
        return UUID(value)

    def to_string(self, value: UUID) -> str:
        return str(value)


register_url_convertor("id", IdConvertor())


class JsonRequest(Request):
    """Holds the parsed body, where FastAPI looks for it."""

    async def parse(self) -> None:
        body = await self.body()
        parse = partial(parse_json, body, self.headers.get("Content-Type"), self.headers.get("Content-Encoding"))
        # A large document takes a fifth of a second, and the event loop must not wait.
        self._json = parse() if len(body) <= SMALL_BODY_BYTES else await run_sync(parse)


class Route(APIRoute):
    """The class of every route in `/api/v1`. Refuses, at start-up, a route that does not say who may call it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, in_one_transaction(endpoint, self._respond), **options)
        if not _callers(self.dependant):
            raise TypeError(f"{path} does not say who may call it: take the current user, or add ANYONE.")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request = JsonRequest(request.scope, request.receive)
            try:
                if await self._takes_json(request):
                    await request.parse()
                return await answer(request)
            except (HttpError, RequestValidationError):
                # A client that is not signed in is told so before anything else.
                for caller in _callers((_included_route(request) or self).dependant):
                    if caller not in request.app.dependency_overrides:
                        await caller.check(request)
                raise

        return handle

    def _respond(self, value: Any, call: Call) -> Response:
        """As FastAPI does, which would do it after the commit, when an error can no longer undo the work."""
        if isinstance(value, Response):
            return value
        status = call.response.status_code or self.status_code
        response = self._write(value, call.request, {"status_code": status} if status else {})
        if not is_body_allowed_for_status_code(response.status_code):
            response.body = b""
            del response.headers["Content-Type"]
        response.headers.raw.extend(call.response.headers.raw)
        return response

    def _write(self, value: Any, request: Request, options: dict[str, Any]) -> Response:
        route = _included_route(request) or self
        custom = None if isinstance(route.response_class, DefaultPlaceholder) else route.response_class
        if self.response_field is None:
            return (custom or JSONResponse)(jsonable_encoder(value), **options)
        value, errors = self.response_field.validate(value, {}, loc=("response",))
        if errors:
            raise ResponseValidationError(errors)
        serialize = self.response_field.serialize if custom else self.response_field.serialize_json
        content = serialize(
            value,
            include=self.response_model_include,
            exclude=self.response_model_exclude,
            by_alias=self.response_model_by_alias,
            exclude_unset=self.response_model_exclude_unset,
            exclude_defaults=self.response_model_exclude_defaults,
            exclude_none=self.response_model_exclude_none,
        )
        return custom(content, **options) if custom else Response(content, media_type="application/json", **options)

    async def _takes_json(self, request: Request) -> bool:
        body = self.body_field.field_info if self.body_field else None
        if body is None or isinstance(body, params.Form):
            return False
        return body.is_required() or bool(await request.body())


def in_one_transaction(endpoint: Callable[..., Any], respond: Callable[[Any, Call], Response]) -> Callable[..., Any]:
    """Runs the endpoint in one thread, which authenticates, works, writes the response and commits."""
    if _is_async(endpoint):
        raise TypeError(
            f"{endpoint.__name__} is async, but sessions are not: see docs/adr/0002-synchronous.md."
            " An endpoint without a session may be async in a plain APIRouter()."
        )
    if isgeneratorfunction(endpoint):
        raise TypeError(
            f"{endpoint.__name__} yields its response, which would be written after the end of its transaction:"
            " put it in a plain APIRouter(), or return a StreamingResponse."
        )

    @wraps(endpoint)
    async def run(*, current_call: Call, **arguments: Any) -> Response:
        def work() -> Response:
            with transaction(current_call.session):
                found = {name: it.find() if isinstance(it, Deferred) else it for name, it in arguments.items()}
                if hasattr(endpoint, OWN_TRANSACTIONS):
                    current_call.session.commit()
                return respond(endpoint(**found), current_call)

        return await run_sync(work)

    own = signature(endpoint)
    call = Parameter("current_call", Parameter.KEYWORD_ONLY, annotation=Annotated[Call, Depends(current_call)])
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), call])  # type: ignore[attr-defined]
    return run


def own_transactions[Endpoint: Callable[..., Any]](endpoint: Endpoint) -> Endpoint:
    """Leaves transactions to the service that the endpoint calls: none is open while a password is hashed."""
    setattr(endpoint, OWN_TRANSACTIONS, True)
    return endpoint


def api_router() -> APIRouter:
    return APIRouter(prefix="/api/v1", route_class=Route)


def _included_route(request: HTTPConnection) -> Any:
    """A `Route`, with what `include_router(..., dependencies=[...])` and the like add to it.

    FastAPI does not document this key. Without it, authentication would take a thread of its own.
    """
    route = request.scope.get("fastapi", {}).get("effective_route_context")
    return route if route and isinstance(route.original_route, Route) else None


def _authenticates_late(request: HTTPConnection) -> bool:
    """Whether the thread of the endpoint does. Not where a dependency takes the user, or needs a thread itself."""
    if (route := _included_route(request)) is None:
        return False
    return all(_is_async(each.call) for each in _descendants(route.dependant)) and all(
        each.name and each in route.dependant.dependencies
        for each in _descendants(route.dependant)
        if isinstance(each.call, Authentication)
    )


def _callers(dependant: Dependant) -> list[Authentication | Anyone]:
    """What says who may call a route."""
    return [each.call for each in _descendants(dependant) if isinstance(each.call, Authentication | Anyone)]


def _descendants(dependant: Dependant) -> list[Dependant]:
    return [each for child in dependant.dependencies for each in (child, *_descendants(child))]


def _is_async(call: Any) -> bool:
    return isasyncgenfunction(call) or iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
