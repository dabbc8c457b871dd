"""From exceptions to problems: Flask's own, the database's, the service's."""

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod

from .engine import is_unavailable
from .errors import DatabaseUnavailable, NotFound, ServiceError
from .problems import MethodNotAllowed, problem_response
from .wsgi import PATH


def add_error_handlers(app: Flask) -> None:
    app.register_error_handler(ServiceError, _respond)
    app.register_error_handler(SQLAlchemyError, _respond_database_error)
    app.register_error_handler(HTTPException, _respond_unrouted)


def _respond(error: Exception) -> Response:
    problem = problem_response(error, request.environ[PATH])
    return Response(problem.body, problem.status, problem.headers)


def _respond_database_error(error: SQLAlchemyError) -> Response:
    if is_unavailable(error):
        return _respond(DatabaseUnavailable(error))
    return _respond(error)


def _respond_unrouted(error: HTTPException) -> Response:
    if isinstance(error, NoSuchMethod):
        return _respond(MethodNotAllowed(error.valid_methods or ()))
    return _respond(NotFound())
