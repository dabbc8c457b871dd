"""A request that is sent again with the same Idempotency-Key does its work once and gets the first answer again.

See draft-ietf-httpapi-idempotency-key-header. The answer is kept in the transaction that does the work.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.errors import BadRequest, Conflict, Invalid
from ..core.schemas import ResponseBody
from ..users.service import UserService
from .models import KeptAnswer
from .repository import AnswerRepository

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}
LIFETIME = timedelta(hours=24)


class IdempotencyKeyRequired(BadRequest):
    code = "idempotency_key_required"


class InvalidIdempotencyKey(BadRequest):
    code = "invalid_idempotency_key"


class IdempotencyKeyReused(Invalid):
    code = "idempotency_key_reused"
    location = "header"
    field = HEADER


class RequestInProgress(Conflict):
    code = "request_in_progress"


@dataclass(frozen=True)
class KeyedRequest:
    """The same key with other `content` is refused. The content of a checkout is its path: the cart may change."""

    user_id: UUID
    operation: str
    key: str | None
    content: bytes


@dataclass(frozen=True)
class Created:
    """What an operation has created, and where it is."""

    body: ResponseBody
    location: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


class IdempotencyService:
    """A conflict that the work raises is kept like a success: `describe` turns it into an answer. Other errors are not
    kept, and the same request may succeed later.
    """

    def __init__(self, answers: AnswerRepository, users: UserService, describe: Callable[[Conflict], Answer]) -> None:
        self.answers = answers
        self.users = users
        self.describe = describe

    def answer(self, request: KeyedRequest, work: Callable[[], Created]) -> Answer:
        key = _checked(request.key)
        scope = request.user_id, request.operation, key
        content_hash = sha256(request.content).hexdigest()
        if not self.answers.lock(*scope):
            raise RequestInProgress("The first request with this key is still under way.")
        now = datetime.now(UTC)
        if kept := self.answers.find(*scope, now):
            if kept.content_hash != content_hash:
                raise IdempotencyKeyReused("Another request has been sent with this key.")
            return Answer(kept.status, bytes(kept.body), kept.headers | REPLAYED)
        self.users.lock_current_user(request.user_id)  # The kept answer refers to the user.
        answer = self._work(work)
        self.answers.save(
            KeptAnswer(
                id=uuid7(),
                user_id=request.user_id,
                operation=request.operation,
                key=key,
                content_hash=content_hash,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                expires_at=now + LIFETIME,
            )
        )
        return answer

    def _work(self, work: Callable[[], Created]) -> Answer:
        try:
            with self.answers.savepoint():  # A conflict is kept, so the request commits: this undoes the work alone.
                created = work()
        except Conflict as conflict:
            return self.describe(conflict)
        headers = {"Content-Type": "application/json", "Location": created.location}
        return Answer(201, created.body.model_dump_json().encode(), headers)


def _checked(key: str | None) -> str:
    if not key:
        raise IdempotencyKeyRequired(f"The header {HEADER} is missing.")
    if not re.fullmatch("[ -~]{1,255}", key):
        raise InvalidIdempotencyKey(f"{HEADER} must have at most 255 printable ASCII characters.")
    return key
