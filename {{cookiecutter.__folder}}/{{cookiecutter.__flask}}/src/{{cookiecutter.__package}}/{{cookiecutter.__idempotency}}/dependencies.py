"""What a route declares that needs an Idempotency-Key: `@idempotent`, directly above the function."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Response, request

from ..auth.service import CurrentUser
from ..core.routing import current_session
from ..users.dependencies import user_service
from .answers import content_of, describe
from .repository import AnswerRepository
from .service import HEADER, Created, IdempotencyService, KeyedRequest


def idempotency_service() -> IdempotencyService:
    return IdempotencyService(AnswerRepository(current_session()), user_service(), partial(describe, request.path))


def idempotent(view: Callable[..., Created]) -> Callable[..., Response]:
    @wraps(view)
    def run(**arguments: Any) -> Response:
        [current_user] = [value for value in arguments.values() if isinstance(value, CurrentUser)]
        content = content_of(request.path, arguments.values())
        keyed = KeyedRequest(current_user.id, view.__name__, request.headers.get(HEADER), content)
        answer = idempotency_service().answer(keyed, partial(view, **arguments))
        return Response(answer.body, answer.status, answer.headers)

    return run
