"""Every query on sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ..core.database import lock_row, stored_id
from ..users.models import User
from .models import EmailToken, LoginAttempts, LoginSession, RefreshToken

SWEPT = 1000
# Written by hand, because they are needed all the time: Django would build them anew each time.
_SIGNED_IN_USER = """
    SELECT users.* FROM users JOIN sessions ON sessions.user_id = users.id
    WHERE sessions.id = %s AND users.id = %s AND users.is_active
"""
_SESSION_OF_TOKEN = "SELECT * FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE token_hash = %s)"
_REFRESH_TOKEN = "SELECT * FROM refresh_tokens WHERE token_hash = %s"


class AuthRepository:
    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        found = User.objects.raw(_SIGNED_IN_USER, [stored_id(session_id), stored_id(user_id)])
        return next(iter(found), None)

    def add_session(self, session: LoginSession) -> None:
        session.save(force_insert=True)

    def save_session(self, session: LoginSession) -> None:
        session.save(force_update=True)

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[LoginSession]:
        sessions = LoginSession.objects.filter(user_id=user_id).order_by("-id")
        return list((sessions.filter(id__lt=below) if below else sessions)[:limit])

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        """False when this user has no such session."""
        removed, _ = LoginSession.objects.filter(id=session_id, user_id=user_id).delete()
        return removed > 0

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        sessions = LoginSession.objects.filter(user_id=user_id)
        (sessions.exclude(id=keep) if keep else sessions).delete()

    def remove_sessions_unused_since(self, moment: datetime) -> int:
        return _remove_some(LoginSession.objects.filter(last_used_at__lt=moment))

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        refresh_token.save(force_insert=True)

    def lock_refresh_token(self, token_hash: str) -> tuple[RefreshToken, LoginSession] | None:
        """The token and its session. Locks both until the end of the transaction: requests with the same token run one
        after the other, and each sees what the previous one did.
        """
        # The session first, as its removal does: otherwise the two could deadlock. Two queries: the second one sees
        # what was committed while the first one waited.
        session = lock_row(LoginSession, _SESSION_OF_TOKEN, token_hash)
        token = lock_row(RefreshToken, _REFRESH_TOKEN, token_hash)
        return (token, session) if token and session else None

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        refresh_token.save(force_update=True)

    def remove_expired_refresh_tokens(self, now: datetime) -> int:
        return _remove_some(RefreshToken.objects.filter(expires_at__lte=now))

    def replace_email_token(self, email_token: EmailToken) -> None:
        """There is one for each user and purpose: what was sent before is not valid any more."""
        EmailToken.objects.filter(user_id=email_token.user_id, purpose=email_token.purpose).delete()
        email_token.save(force_insert=True)

    def save_email_token(self, email_token: EmailToken) -> None:
        email_token.save(force_update=True)

    def find_email_token(self, email_token_id: UUID) -> EmailToken | None:
        return EmailToken.objects.filter(id=email_token_id).first()

    def find_email_token_by_hash(self, token_hash: str) -> EmailToken | None:
        return EmailToken.objects.filter(token_hash=token_hash).first()

    def remove_email_token(self, token_hash: str) -> bool:
        """False when it has been used, or replaced."""
        removed, _ = EmailToken.objects.filter(token_hash=token_hash).delete()
        return removed > 0

    def remove_email_tokens(self, user_id: UUID) -> None:
        EmailToken.objects.filter(user_id=user_id).delete()

    def remove_access(self, user_id: UUID) -> None:
        """Sessions, and what links in mails allow."""
        self.remove_sessions(user_id)
        self.remove_email_tokens(user_id)

    def remove_expired_email_tokens(self, now: datetime) -> int:
        return _remove_some(EmailToken.objects.filter(expires_at__lte=now))

    def lock_login_attempts(self, key: str, expires_at: datetime) -> LoginAttempts:
        """Locks them until the end of the transaction. Creates an empty row for a new key."""
        row = LoginAttempts(key=key, times=[], expires_at=expires_at)
        LoginAttempts.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["key"], update_fields=["expires_at"]
        )
        return LoginAttempts.objects.get(key=key)

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        attempts.save(force_update=True)

    def remove_login_attempts_for(self, key: str) -> None:
        LoginAttempts.objects.filter(key=key).delete()

    def remove_expired_login_attempts(self, now: datetime) -> int:
        return _remove_some(LoginAttempts.objects.filter(expires_at__lt=now))


def _remove_some(rows: QuerySet[Any]) -> int:
    """Removes up to SWEPT rows, but none that a request has locked. Returns how many."""
    locked = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
    keys = list(locked[:SWEPT])  # PostgreSQL may run a subquery more than once.
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
