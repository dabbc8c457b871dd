"""From exceptions to problems: FastAPI's own, the database's, the service's."""

from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Match

from .engine import is_unavailable
from .errors import DatabaseUnavailable, NotFound, ServiceError
from .problems import MethodNotAllowed, RequestInvalid, problem_response

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, _respond)
    app.add_exception_handler(SQLAlchemyError, _respond_database_error)
    app.add_exception_handler(RequestValidationError, _respond_invalid)
    app.add_exception_handler(404, _respond_not_found)
    app.add_exception_handler(405, _respond_method_not_allowed)


async def _respond(request: Request, error: Exception) -> Response:
    problem = problem_response(error, request.scope["path"])
    return Response(problem.body, problem.status, problem.headers)


async def _respond_database_error(request: Request, error: Exception) -> Response:
    if is_unavailable(error):
        return await _respond(request, DatabaseUnavailable(error))
    return await _respond(request, error)


async def _respond_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101, what Starlette's signature can not say
    return await _respond(request, RequestInvalid(error.errors()))


async def _respond_not_found(request: Request, _error: Exception) -> Response:
    return await _respond(request, NotFound())


async def _respond_method_not_allowed(request: Request, _error: Exception) -> Response:
    return await _respond(request, MethodNotAllowed(filter(partial(_answers, request), METHODS)))


def _answers(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)
