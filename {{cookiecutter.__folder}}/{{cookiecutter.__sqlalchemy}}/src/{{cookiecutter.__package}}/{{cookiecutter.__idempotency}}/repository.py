"""Every query on kept answers."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..core.database import insert
from .locks import try_lock
from .models import KeptAnswer

SWEPT = 1000
COLUMNS = KeptAnswer.__table__.columns.keys()


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

    def save(self, answer: KeptAnswer) -> None:
        """Replaces one that has expired."""
        values = {column: getattr(answer, column) for column in COLUMNS}
        row = insert(KeptAnswer).values(values)
        self.session.execute(row.on_conflict_do_update(index_elements=["user_id", "operation", "key"], set_=values))

    def remove_expired(self, now: datetime) -> int:
        """Removes up to SWEPT rows, but none that a request has locked. Returns how many."""
        expired = select(KeptAnswer.id).where(KeptAnswer.expires_at <= now).limit(SWEPT)
        locked = expired.with_for_update(skip_locked=True).cte()  # PostgreSQL may run a subquery more than once.
        query = delete(KeptAnswer).where(KeptAnswer.id.in_(select(locked)))
        return len(self.session.scalars(query.returning(KeptAnswer.id)).all())
