"""Turns exceptions into problems: those of FastAPI, the database and the service."""

import json
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .database import is_unavailable
from .errors import DatabaseUnavailable, NotFound, ServiceError
from .problems import FrameworkError, MethodNotAllowed, RequestInvalid, problem_response

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, _respond)
    app.add_exception_handler(SQLAlchemyError, _respond_database_error)
    app.add_exception_handler(RequestValidationError, _respond_invalid)
    app.add_exception_handler(HTTPException, _respond_http_exception)


async def _respond(request: Request, error: Exception) -> Response:
    problem = problem_response(error, request.scope["path"])
    return Response(problem.body, problem.status, problem.headers)


async def _respond_database_error(request: Request, error: Exception) -> Response:
    return await _respond(request, DatabaseUnavailable(error) if is_unavailable(error) else error)


async def _respond_invalid(request: Request, error: Any) -> Response:
    return await _respond(request, RequestInvalid(error.errors()))


async def _respond_http_exception(request: Request, error: Any) -> Response:
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    if "route" not in request.scope and error.status_code == 404:
        return await _respond(request, NotFound())
    if error.status_code == 405:
        return await _respond(request, MethodNotAllowed(filter(partial(_answers, request), METHODS)))
    detail = error.detail if isinstance(error.detail, str) else json.dumps(error.detail)
    return await _respond(request, FrameworkError(error.status_code, detail, error.headers))


def _answers(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)
