"""What a route declares that needs an Idempotency-Key: `@idempotent`, directly above the function."""

from collections.abc import Callable
from functools import partial, wraps
from inspect import Parameter, signature
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from ..auth.service import CurrentUser
from ..core.routing import DbSession
from ..users.dependencies import Users
from .answers import content_of, describe
from .repository import AnswerRepository
from .service import HEADER, Created, IdempotencyService, KeyedRequest


async def idempotency_service(request: Request, session: DbSession, users: Users) -> IdempotencyService:
    return IdempotencyService(AnswerRepository(session), users, partial(describe, request.scope["path"]))


Idempotency = Annotated[IdempotencyService, Depends(idempotency_service)]


def idempotent(endpoint: Callable[..., Created]) -> Callable[..., Response]:
    @wraps(endpoint)
    def run(*, request: Request, idempotency: IdempotencyService, **arguments: Any) -> Response:
        [current_user] = [value for value in arguments.values() if isinstance(value, CurrentUser)]
        key, content = request.headers.get(HEADER), content_of(request.scope["path"], arguments.values())
        keyed = KeyedRequest(current_user.id, endpoint.__name__, key, content)
        answer = idempotency.answer(keyed, partial(endpoint, **arguments))
        return Response(answer.body, answer.status, answer.headers)

    added = {"request": Request, "idempotency": Idempotency}
    parameters = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in added.items()]
    own = signature(endpoint)
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *parameters])  # type: ignore[attr-defined]
    return run
