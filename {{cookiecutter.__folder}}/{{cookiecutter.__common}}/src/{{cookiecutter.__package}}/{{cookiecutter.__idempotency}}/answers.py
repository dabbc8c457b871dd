"""Answers as bytes, for the routes of all frameworks."""

from collections.abc import Iterable

from pydantic import BaseModel

from ..core.errors import Conflict
from ..core.problems import problem_response
from .service import Answer


def content_of(path: str, arguments: Iterable[object]) -> bytes:
    """What makes another request of it: the path and the bodies."""
    bodies = [argument.model_dump_json() for argument in arguments if isinstance(argument, BaseModel)]
    return "\n".join([path, *bodies]).encode()


def refuse(path: str, conflict: Conflict) -> Answer:
    problem = problem_response(conflict, path)
    return Answer(problem.status, problem.body, problem.headers)
