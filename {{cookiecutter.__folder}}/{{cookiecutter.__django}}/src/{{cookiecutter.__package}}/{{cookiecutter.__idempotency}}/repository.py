"""Every query on kept answers."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db.transaction import atomic

from .locks import try_lock
from .models import KeptAnswer

SWEPT = 1000


class AnswerRepository:
    def lock(self, user_id: UUID, operation: str, key: str) -> bool:
        """Until the end of the transaction. False when another request with this key is under way."""
        return try_lock(f"{user_id}:{operation}:{key}")

    def savepoint(self) -> AbstractContextManager[object]:
        """An exception undoes what was done within, and the transaction can go on."""
        return atomic()

    def find(self, user_id: UUID, operation: str, key: str, now: datetime) -> KeptAnswer | None:
        return KeptAnswer.objects.filter(user_id=user_id, operation=operation, key=key, expires_at__gt=now).first()

    def save(self, answer: KeptAnswer) -> None:
        """Replaces one that has expired."""
        KeptAnswer.objects.bulk_create(
            [answer],
            update_conflicts=True,
            unique_fields=["user", "operation", "key"],
            update_fields=["content_hash", "status", "headers", "body", "expires_at"],
        )

    def remove_expired(self, now: datetime) -> int:
        """Removes up to SWEPT rows, but none that a request has locked. Returns how many."""
        expired = KeptAnswer.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
        ids = list(expired.values_list("id", flat=True)[:SWEPT])  # PostgreSQL may run a subquery more than once.
        KeptAnswer.objects.filter(id__in=ids).delete()
        return len(ids)
