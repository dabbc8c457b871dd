"""Requests and answers as bytes."""

from collections.abc import Iterable

from pydantic import BaseModel

from ..core.errors import Conflict
from ..core.problems import problem_response
from .service import Answer


def content_of(path: str, arguments: Iterable[object]) -> bytes:
    """The path and the bodies of a request: one with other content is another request."""
    bodies = [argument.model_dump_json() for argument in arguments if isinstance(argument, BaseModel)]
    return "\n".join([path, *bodies]).encode()


def describe(path: str, conflict: Conflict) -> Answer:
    problem = problem_response(conflict, path)
    return Answer(problem.status, problem.body, problem.headers)
