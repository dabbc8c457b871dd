"""Every query on sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ..core.database import insert
from ..users.models import User
from .models import EmailToken, LoginAttempts, LoginSession, RefreshToken

SWEPT = 1000
# Built once, because they are needed all the time.
_SIGNED_IN_USER = (
    select(User)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(User.id == bindparam("user_id"), User.is_active, LoginSession.id == bindparam("session_id"))
)
_LOCKED_REFRESH_TOKEN = (
    select(RefreshToken, LoginSession)
    .join(LoginSession, LoginSession.id == RefreshToken.session_id)
    .where(RefreshToken.token_hash == bindparam("token_hash"))
    # The session first, as its removal does: otherwise the two could deadlock.
    .with_for_update(of=[LoginSession, RefreshToken])
)


class AuthRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        return self.session.scalar(_SIGNED_IN_USER, {"user_id": user_id, "session_id": session_id})

    def add_session(self, session: LoginSession) -> None:
        self.session.add(session)
        self.session.flush()

    def save_session(self, session: LoginSession) -> None:
        self.session.add(session)

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[LoginSession]:
        query = select(LoginSession).where(LoginSession.user_id == user_id)
        query = query.order_by(LoginSession.id.desc()).limit(limit)
        return self.session.scalars(query.where(LoginSession.id < below) if below else query).all()

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        """False when this user has no such session."""
        query = delete(LoginSession).where(LoginSession.id == session_id, LoginSession.user_id == user_id)
        return self.session.scalar(query.returning(LoginSession.id)) is not None

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        query = delete(LoginSession).where(LoginSession.user_id == user_id)
        self.session.execute(query.where(LoginSession.id != keep) if keep else query)

    def remove_sessions_unused_since(self, moment: datetime) -> int:
        return self._remove_some(LoginSession.id, LoginSession.last_used_at < moment)

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.session.add(refresh_token)

    def lock_refresh_token(self, token_hash: str) -> tuple[RefreshToken, LoginSession] | None:
        """The token and its session. Locks both until the end of the transaction: requests with the same token run one
        after the other, and each sees what the previous one did.
        """
        row = self.session.execute(_LOCKED_REFRESH_TOKEN, {"token_hash": token_hash}).first()
        return (row[0], row[1]) if row else None

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.session.add(refresh_token)

    def remove_expired_refresh_tokens(self, now: datetime) -> int:
        return self._remove_some(RefreshToken.token_hash, RefreshToken.expires_at <= now)

    def replace_email_token(self, email_token: EmailToken) -> None:
        """There is one for each user and purpose: what was sent before is not valid any more."""
        query = delete(EmailToken).where(EmailToken.user_id == email_token.user_id)
        self.session.execute(query.where(EmailToken.purpose == email_token.purpose))
        self.session.add(email_token)

    def save_email_token(self, email_token: EmailToken) -> None:
        self.session.add(email_token)

    def find_email_token(self, email_token_id: UUID) -> EmailToken | None:
        return self.session.get(EmailToken, email_token_id, populate_existing=True)

    def find_email_token_by_hash(self, token_hash: str) -> EmailToken | None:
        return self.session.scalar(select(EmailToken).where(EmailToken.token_hash == token_hash))

    def remove_email_token(self, token_hash: str) -> bool:
        """False when it has been used, or replaced."""
        query = delete(EmailToken).where(EmailToken.token_hash == token_hash)
        return self.session.scalar(query.returning(EmailToken.id)) is not None

    def remove_email_tokens(self, user_id: UUID) -> None:
        self.session.execute(delete(EmailToken).where(EmailToken.user_id == user_id))

    def remove_access(self, user_id: UUID) -> None:
        """Sessions, and what links in mails allow."""
        self.remove_sessions(user_id)
        self.remove_email_tokens(user_id)

    def remove_expired_email_tokens(self, now: datetime) -> int:
        return self._remove_some(EmailToken.id, EmailToken.expires_at <= now)

    def lock_login_attempts(self, key: str, expires_at: datetime) -> LoginAttempts:
        """Locks them until the end of the transaction. Creates an empty row for a new key."""
        row = insert(LoginAttempts).values(key=key, times=[], expires_at=expires_at)
        query = row.on_conflict_do_update(index_elements=["key"], set_={"expires_at": expires_at})
        return self.session.scalars(query.returning(LoginAttempts)).one()

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        self.session.add(attempts)

    def remove_login_attempts_for(self, key: str) -> None:
        self.session.execute(delete(LoginAttempts).where(LoginAttempts.key == key))

    def remove_expired_login_attempts(self, now: datetime) -> int:
        return self._remove_some(LoginAttempts.key, LoginAttempts.expires_at < now)

    def _remove_some(self, key: InstrumentedAttribute[Any], condition: ColumnElement[bool]) -> int:
        """Removes up to SWEPT rows, but none that a request has locked. Returns how many."""
        some = select(key).where(condition).limit(SWEPT)
        locked = some.with_for_update(skip_locked=True).cte()  # PostgreSQL may run a subquery more than once.
        return len(self.session.scalars(delete(key.class_).where(key.in_(select(locked))).returning(key)).all())
