"""Every query on accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DatabaseSession

from ..core.engine import insert
from ..core.errors import Duplicate
from .models import LoginAttempts, RefreshToken, Session, User


class AccountRepository:
    def __init__(self, database: DatabaseSession) -> None:
        self.database = database

    def add_user(self, user: User) -> None:
        """Raises Duplicate when the address has an account."""
        self.database.add(user)
        try:
            self.database.flush()
        except IntegrityError as error:
            raise Duplicate from error

    def find_active_user_by_email(self, email: str) -> User | None:
        return self.database.scalar(select(User).where(User.email == email, User.is_active))

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        return self.database.scalar(
            select(User)
            .join(Session, Session.user_id == User.id)
            .where(User.id == user_id, User.is_active, Session.id == session_id)
        )

    def find_user(self, user_id: UUID) -> User | None:
        return self.database.get(User, user_id)

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        query = select(User).order_by(User.id.desc()).limit(limit)
        return self.database.scalars(query.where(User.id < below) if below else query).all()

    def lock_active_admins(self) -> list[UUID]:
        """Until the end of the transaction, so that two of them can not dismiss each other."""
        query = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
        return list(self.database.scalars(query))

    def lock_user(self, user_id: UUID) -> User | None:
        """Until the end of the transaction."""
        return self.database.scalar(select(User).where(User.id == user_id).with_for_update())

    def save_user(self, user: User) -> None:
        self.database.add(user)

    def add_session(self, session: Session) -> None:
        self.database.add(session)
        self.database.flush()

    def save_session(self, session: Session) -> None:
        self.database.add(session)

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[Session]:
        query = select(Session).where(Session.user_id == user_id).order_by(Session.id.desc()).limit(limit)
        return self.database.scalars(query.where(Session.id < below) if below else query).all()

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        """False when this user has no such session."""
        query = delete(Session).where(Session.id == session_id, Session.user_id == user_id).returning(Session.id)
        return self.database.scalar(query) is not None

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        query = delete(Session).where(Session.user_id == user_id)
        self.database.execute(query.where(Session.id != keep) if keep else query)

    def remove_sessions_unused_since(self, moment: datetime, user_id: UUID) -> None:
        self.database.execute(delete(Session).where(Session.user_id == user_id, Session.last_used_at < moment))

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.database.add(refresh_token)

    def lock_session_of_token(self, token_hash: str) -> Session | None:
        """Until the end of the transaction: whoever refreshes or ends a session starts with its row, so that of many
        who present one token, each sees what the one before has done.
        """
        query = select(Session).join(RefreshToken, RefreshToken.session_id == Session.id)
        return self.database.scalar(query.where(RefreshToken.token_hash == token_hash).with_for_update(of=Session))

    def find_refresh_token(self, token_hash: str) -> RefreshToken | None:
        return self.database.get(RefreshToken, token_hash)

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.database.add(refresh_token)

    def remove_expired_refresh_tokens(self, session_id: UUID, now: datetime) -> None:
        query = delete(RefreshToken).where(RefreshToken.session_id == session_id, RefreshToken.expires_at <= now)
        self.database.execute(query)

    def lock_login_attempts(self, network: str, expires_at: datetime) -> LoginAttempts:
        """Until the end of the transaction. Those of a network that made none yet are an empty row."""
        row = insert(LoginAttempts).values(network=network, times=[], expires_at=expires_at)
        query = row.on_conflict_do_update(index_elements=["network"], set_={"expires_at": expires_at})
        return self.database.scalars(query.returning(LoginAttempts)).one()

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        self.database.add(attempts)

    def remove_login_attempts(self, before: datetime) -> None:
        """A thousand of those that have expired, but for what somebody else is just counting."""
        expired = select(LoginAttempts.network).where(LoginAttempts.expires_at < before).limit(1000)
        query = delete(LoginAttempts).where(LoginAttempts.network.in_(expired.with_for_update(skip_locked=True)))
        self.database.execute(query)
