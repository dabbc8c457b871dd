"""What an operation declares that needs an Idempotency-Key: `@idempotent`, directly above the function."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpResponse

from ..auth.dependencies import SignedInRequest
from ..users.dependencies import users
from .answers import content_of, describe
from .repository import AnswerRepository
from .service import HEADER, Created, IdempotencyService, KeyedRequest

repository = AnswerRepository()


def idempotent(view: Callable[..., Created]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def run(request: SignedInRequest, **arguments: Any) -> HttpResponse:
        content = content_of(request.path, arguments.values())
        keyed = KeyedRequest(request.auth.id, view.__name__, request.headers.get(HEADER), content)
        idempotency = IdempotencyService(repository, users, partial(describe, request.path))
        answer = idempotency.answer(keyed, partial(view, request, **arguments))
        return HttpResponse(answer.body, status=answer.status, headers=answer.headers)

    return run
