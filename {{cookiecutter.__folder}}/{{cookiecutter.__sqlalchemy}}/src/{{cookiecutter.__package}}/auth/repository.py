"""Every query on sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from ..core.database import insert
from ..users.models import User
from .models import LoginAttempts, LoginSession, RefreshToken

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

    def remove_sessions_unused_since(self, moment: datetime, user_id: UUID) -> None:
        query = delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.last_used_at < moment)
        self.session.execute(query)

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

    def remove_expired_refresh_tokens(self, session_id: UUID, now: datetime) -> None:
        query = delete(RefreshToken).where(RefreshToken.session_id == session_id, RefreshToken.expires_at <= now)
        self.session.execute(query)

    def lock_login_attempts(self, key: str, expires_at: datetime) -> LoginAttempts:
        """Locks them until the end of the transaction. Creates an empty row for a new key."""
        row = insert(LoginAttempts).values(key=key, times=[], expires_at=expires_at)
        query = row.on_conflict_do_update(index_elements=["key"], set_={"expires_at": expires_at})
        return self.session.scalars(query.returning(LoginAttempts)).one()

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        self.session.add(attempts)

    def remove_login_attempts_for(self, key: str) -> None:
        self.session.execute(delete(LoginAttempts).where(LoginAttempts.key == key))

    def remove_expired_login_attempts(self, now: datetime) -> None:
        """Removes up to a thousand expired rows, but none that another request has locked."""
        expired = select(LoginAttempts.key).where(LoginAttempts.expires_at < now).limit(1000)
        locked = expired.with_for_update(skip_locked=True).cte()  # PostgreSQL may run a subquery more than once.
        self.session.execute(delete(LoginAttempts).where(LoginAttempts.key.in_(select(locked.c.key))))
