"""Every query on accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from ..core.errors import Duplicate
from .models import LoginAttempts, RefreshToken, Session, User


class AccountRepository:
    def add_user(self, user: User) -> None:
        """Raises Duplicate when the address has an account."""
        try:
            user.save(force_insert=True)
        except IntegrityError as error:
            raise Duplicate from error

    def find_active_user_by_email(self, email: str) -> User | None:
        return User.objects.filter(email=email, is_active=True).first()

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        return User.objects.filter(id=user_id, is_active=True, sessions__id=session_id).first()

    def find_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(id=user_id).first()

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        users = User.objects.order_by("-id")
        return list((users.filter(id__lt=below) if below else users)[:limit])

    def lock_active_admins(self) -> list[UUID]:
        """Until the end of the transaction, so that two of them can not dismiss each other."""
        admins = User.objects.filter(role="admin", is_active=True).order_by("id").select_for_update()
        return list(admins.values_list("id", flat=True))

    def lock_user(self, user_id: UUID) -> User | None:
        """Until the end of the transaction."""
        return User.objects.filter(id=user_id).select_for_update().first()

    def save_user(self, user: User) -> None:
        user.save(force_update=True)

    def add_session(self, session: Session) -> None:
        session.save(force_insert=True)

    def save_session(self, session: Session) -> None:
        session.save(force_update=True)

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[Session]:
        sessions = Session.objects.filter(user_id=user_id).order_by("-id")
        return list((sessions.filter(id__lt=below) if below else sessions)[:limit])

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        """False when this user has no such session."""
        removed, _ = Session.objects.filter(id=session_id, user_id=user_id).delete()
        return removed > 0

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        sessions = Session.objects.filter(user_id=user_id)
        (sessions.exclude(id=keep) if keep else sessions).delete()

    def remove_sessions_unused_since(self, moment: datetime, user_id: UUID) -> None:
        Session.objects.filter(user_id=user_id, last_used_at__lt=moment).delete()

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        refresh_token.save(force_insert=True)

    def lock_session_of_token(self, token_hash: str) -> Session | None:
        """Until the end of the transaction: whoever refreshes or ends a session starts with its row, so that of many
        who present one token, each sees what the one before has done.
        """
        sessions = Session.objects.filter(refresh_tokens__token_hash=token_hash)
        return sessions.select_for_update(of=("self",)).first()

    def find_refresh_token(self, token_hash: str) -> RefreshToken | None:
        return RefreshToken.objects.filter(token_hash=token_hash).first()

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        refresh_token.save(force_update=True)

    def remove_expired_refresh_tokens(self, session_id: UUID, now: datetime) -> None:
        RefreshToken.objects.filter(session_id=session_id, expires_at__lte=now).delete()

    def lock_login_attempts(self, network: str, expires_at: datetime) -> LoginAttempts:
        """Until the end of the transaction. Those of a network that made none yet are an empty row."""
        row = LoginAttempts(network=network, times=[], expires_at=expires_at)
        LoginAttempts.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["network"], update_fields=["expires_at"]
        )
        return LoginAttempts.objects.get(network=network)

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        attempts.save(force_update=True)

    def remove_login_attempts(self, before: datetime) -> None:
        """A thousand of those that have expired, but for what somebody else is just counting."""
        expired = LoginAttempts.objects.filter(expires_at__lt=before).select_for_update(skip_locked=True)
        LoginAttempts.objects.filter(network__in=expired.values("network")[:1000]).delete()
