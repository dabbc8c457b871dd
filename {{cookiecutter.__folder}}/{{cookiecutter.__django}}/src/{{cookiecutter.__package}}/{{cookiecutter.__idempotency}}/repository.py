"""Every query on kept answers."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db.transaction import atomic
from uuid_utils.compat import uuid7

from .locks import try_lock
from .models import KeptAnswer


class AnswerRepository:
    def lock(self, user_id: UUID, operation: str, key: str) -> bool:
        """Until the end of the transaction. False when another request with this key is under way."""
        return try_lock(f"{user_id}:{operation}:{key}")

    def savepoint(self) -> AbstractContextManager[object]:
        """An exception undoes what was done within, and the transaction can go on."""
        return atomic()

    def find(self, user_id: UUID, operation: str, key: str, now: datetime) -> KeptAnswer | None:
        return KeptAnswer.objects.filter(user_id=user_id, operation=operation, key=key, expires_at__gt=now).first()

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
        answer = KeptAnswer(
            id=uuid7(),
            user_id=user_id,
            operation=operation,
            key=key,
            content_hash=content_hash,
            status=status,
            headers=headers,
            body=body,
            expires_at=expires_at,
        )
        KeptAnswer.objects.bulk_create(
            [answer],
            update_conflicts=True,
            unique_fields=["user", "operation", "key"],
            update_fields=["content_hash", "status", "headers", "body", "expires_at"],
        )

    def remove_expired(self, now: datetime) -> None:
        """Removes up to a thousand expired rows, but none that another request has locked."""
        expired = KeptAnswer.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
        KeptAnswer.objects.filter(id__in=expired.values("id")[:1000]).delete()
