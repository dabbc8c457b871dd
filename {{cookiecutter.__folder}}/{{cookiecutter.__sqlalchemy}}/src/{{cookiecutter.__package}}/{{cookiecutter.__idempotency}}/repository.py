"""Every query on kept answers."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from ..core.database import insert
from .locks import try_lock
from .models import KeptAnswer


class AnswerRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def lock(self, user_id: UUID, operation: str, key: str) -> bool:
        """Until the end of the transaction. False when another request with this key is under way."""
        return try_lock(self.session, f"{user_id}:{operation}:{key}")

    def savepoint(self) -> AbstractContextManager[object]:
        """An exception undoes what was done within, and the transaction can go on."""
        return self.session.begin_nested()

    def find(self, user_id: UUID, operation: str, key: str, now: datetime) -> KeptAnswer | None:
        query = select(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.operation == operation)
        return self.session.scalar(query.where(KeptAnswer.key == key, KeptAnswer.expires_at > now))

    def save(
        self,
        user_id: UUID,
        operation: str,
        key: str,
        content_hash: str,
        status: int,
        headers: dict[str, str],
        body: bytes,
        expires_at: datetime,
    ) -> None:
        """Replaces one that has expired."""
        answer = {
            "content_hash": content_hash,
            "status": status,
            "headers": headers,
            "body": body,
            "expires_at": expires_at,
        }
        row = insert(KeptAnswer).values(id=uuid7(), user_id=user_id, operation=operation, key=key, **answer)
        self.session.execute(row.on_conflict_do_update(index_elements=["user_id", "operation", "key"], set_=answer))

    def remove_expired(self, now: datetime) -> None:
        """Removes up to a thousand expired rows, but none that another request has locked."""
        expired = select(KeptAnswer.id).where(KeptAnswer.expires_at <= now).limit(1000)
        query = delete(KeptAnswer).where(KeptAnswer.id.in_(expired.with_for_update(skip_locked=True)))
        self.session.execute(query)
