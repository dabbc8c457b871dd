"""A repository in memory, for tests of the rules alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from {{ cookiecutter.__package }}.accounts.models import LoginAttempts, RefreshToken, Session, User
from {{ cookiecutter.__package }}.accounts.repository import AccountRepository
from {{ cookiecutter.__package }}.core.errors import Duplicate


class FakeAccountRepository(AccountRepository):
    def __init__(self) -> None:
        self.users: dict[UUID, User] = {}
        self.sessions: dict[UUID, Session] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.login_attempts: dict[str, LoginAttempts] = {}

    def add_user(self, user: User) -> None:
        if any(other.email == user.email for other in self.users.values()):
            raise Duplicate
        self.users[user.id] = user

    def find_active_user_by_email(self, email: str) -> User | None:
        return next((user for user in self.users.values() if user.email == email and user.is_active), None)

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        session = self.sessions.get(session_id)
        user = self.users.get(user_id)
        return user if user and user.is_active and session and session.user_id == user_id else None

    def find_user(self, user_id: UUID) -> User | None:
        return self.users.get(user_id)

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        return newest(self.users.values(), below)[:limit]

    def lock_active_admins(self) -> list[UUID]:
        return [user.id for user in self.users.values() if user.role == "admin" and user.is_active]

    def lock_user(self, user_id: UUID) -> User | None:
        return self.users.get(user_id)

    def save_user(self, user: User) -> None:
        self.users[user.id] = user

    def add_session(self, session: Session) -> None:
        self.sessions[session.id] = session

    def save_session(self, session: Session) -> None:
        self.sessions[session.id] = session

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[Session]:
        return newest((session for session in self.sessions.values() if session.user_id == user_id), below)[:limit]

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        session = self.sessions.get(session_id)
        if session is None or session.user_id != user_id:
            return False
        del self.sessions[session_id]
        return True

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        for session in self.list_sessions(user_id, None, len(self.sessions)):
            if session.id != keep:
                del self.sessions[session.id]

    def remove_sessions_unused_since(self, moment: datetime, user_id: UUID) -> None:
        for session in self.list_sessions(user_id, None, len(self.sessions)):
            if session.last_used_at < moment:
                del self.sessions[session.id]

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.refresh_tokens[refresh_token.token_hash] = refresh_token

    def lock_session_of_token(self, token_hash: str) -> Session | None:
        token = self.refresh_tokens.get(token_hash)
        return self.sessions.get(token.session_id) if token else None

    def find_refresh_token(self, token_hash: str) -> RefreshToken | None:
        return self.refresh_tokens.get(token_hash)

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.refresh_tokens[refresh_token.token_hash] = refresh_token

    def remove_expired_refresh_tokens(self, session_id: UUID, now: datetime) -> None:
        for token in list(self.refresh_tokens.values()):
            if token.session_id == session_id and token.expires_at <= now:
                del self.refresh_tokens[token.token_hash]

    def lock_login_attempts(self, network: str, expires_at: datetime) -> LoginAttempts:
        none_yet = LoginAttempts(network=network, times=[], expires_at=expires_at)
        return self.login_attempts.setdefault(network, none_yet)

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        self.login_attempts[attempts.network] = attempts

    def remove_login_attempts(self, before: datetime) -> None:
        for attempts in list(self.login_attempts.values()):
            if attempts.expires_at < before:
                del self.login_attempts[attempts.network]


def newest[Row: (User, Session)](rows: Iterable[Row], below: UUID | None) -> list[Row]:
    return sorted((row for row in rows if below is None or row.id < below), key=lambda row: row.id, reverse=True)
