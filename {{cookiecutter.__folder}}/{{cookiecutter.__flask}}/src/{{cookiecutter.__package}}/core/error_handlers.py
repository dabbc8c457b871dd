"""Turns exceptions into problems: those of Flask, the database and the service."""

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.wrappers import Response as AnyResponse

from .database import is_unavailable
from .errors import DatabaseUnavailable, NotFound, ServiceError
from .problems import FrameworkError, InternalError, MethodNotAllowed, problem_response


def add_error_handlers(app: Flask) -> None:
    app.register_error_handler(ServiceError, _respond)
    app.register_error_handler(SQLAlchemyError, _respond_database_error)
    app.register_error_handler(HTTPException, _respond_http_exception)


def _respond(error: Exception) -> Response:
    path = request.environ.get("asgi.scope", {}).get("path", request.path)
    problem = problem_response(error, path)
    return Response(problem.body, problem.status, problem.headers)


def _respond_database_error(error: SQLAlchemyError) -> Response:
    return _respond(DatabaseUnavailable(error) if is_unavailable(error) else error)


def _respond_http_exception(error: HTTPException) -> AnyResponse:
    """`abort` with any status. A redirect, or a response that the error brings along, stays what it is."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, InternalServerError) and error.original_exception:
        return _respond(InternalError())
    if isinstance(error, NoSuchMethod):
        return _respond(MethodNotAllowed(error.valid_methods or ()))
    if request.routing_exception is error:
        return _respond(NotFound())
    headers = dict(error.get_headers(request.environ))
    return _respond(FrameworkError(error.code, error.description, headers))
