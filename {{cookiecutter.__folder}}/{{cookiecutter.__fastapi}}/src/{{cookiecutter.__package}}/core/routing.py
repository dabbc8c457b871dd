"""How FastAPI runs a route of this service: checks in the contract's order, one transaction a request.

By itself FastAPI reads the body before it asks who is calling. Here a stranger's megabyte is never read:
the caller comes first, then size, media type and JSON of the body, then FastAPI with its fields.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import Parameter, iscoroutinefunction, signature
from typing import Annotated, Any
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import HTTPConnection

from .body_stream import receive_body
from .database import open_session, transaction
from .edge import ID_PATTERN, SAFE_METHODS
from .json_body import check_size, declared_size, parse_json
from .pagination import PageQuery
from .problems import TITLES, expected_problems
from .tokens import bearer_token


async def request_session(request: Request) -> Session:
    return open_session(read_only=request.method in SAFE_METHODS)


DatabaseSession = Annotated[Session, Depends(request_session)]


class Anyone:
    """Declares a route open. `router.post(..., dependencies=[ANYONE])`."""

    def __call__(self) -> None:
        """Nothing to check."""


class Caller(HTTPBearer):
    """Declares that a route is for whom `identify` recognises by an access token. Injects what it returns."""

    def __init__(self, identify: Callable[[str], Any]) -> None:
        super().__init__(scheme_name="accessToken", bearerFormat="JWT")
        self.identify = identify

    async def __call__(self, request: HTTPConnection) -> Any:
        return request.state.caller

    async def check(self, request: Request) -> None:
        """Raises Unauthenticated, or what `identify` raises."""
        token = bearer_token(request.headers.get("Authorization"))
        request.state.caller = await run_sync(self.identify, token)


ANYONE = Depends(Anyone())

PageParameters = Annotated[PageQuery, Query()]


class IdConvertor(Convertor[UUID]):
    """`{user_id:id}` in a path: another spelling of an id is another path."""

    regex = ID_PATTERN

    def convert(self, value: str) -> UUID:
        return UUID(value)

    def to_string(self, value: UUID) -> str:
        return str(value)


register_url_convertor("id", IdConvertor())


class JsonRequest(Request):
    """FastAPI finds the body here, read and parsed already."""

    async def read(self) -> None:
        self._body = await receive_body(self.receive)
        check_size(len(self._body))
        self._json = parse_json(self._body, self.headers.get("Content-Type"))


class Route(APIRoute):
    """The class of every route in `/api/v1`. Refuses, at start-up, a route that does not say who may call it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, transactional(endpoint), **options)
        self.callers = [call for call in _calls(self.dependant) if isinstance(call, Caller)]
        if not self.callers and ANYONE.dependency not in _calls(self.dependant):
            raise TypeError(f"{path} does not declare its caller: take one as a parameter, or add ANYONE.")
        self.responses = problems(*expected_problems(endpoint, signed_in=bool(self.callers))) | self.responses

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request = JsonRequest(request.scope, request.receive)
            for caller in self.callers:
                await caller.check(request)
            check_size(declared_size(request.headers.get("Content-Length")))
            if self.body_field:
                await request.read()
            return await answer(request)

        return handle


def transactional(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Commits in the thread that ran the endpoint.

    A commit that had to wait for a thread could wait for those who wait for its locks.
    """
    if iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__name__} is async, but sessions are not: see docs/adr/0002-synchronous.md.")

    @wraps(endpoint)
    def run(*, request_session: Session, **arguments: Any) -> Any:
        with transaction(request_session):
            return endpoint(**arguments)

    own = signature(endpoint)
    session = Parameter("request_session", Parameter.KEYWORD_ONLY, annotation=DatabaseSession)
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), session])  # type: ignore[attr-defined]
    return run


def api_router() -> APIRouter:
    return APIRouter(prefix="/api/v1", route_class=Route)


def _calls(dependant: Dependant) -> list[Any]:
    return [dependant.call, *(call for child in dependant.dependencies for call in _calls(child))]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems that it may answer with."""
    return {
        status: {
            "description": TITLES[status],
            "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{_model(status)}"}}},
        }
        for status in statuses
    }


def _model(status: int) -> str:
    return "ValidationProblem" if status == 422 else "Problem"
