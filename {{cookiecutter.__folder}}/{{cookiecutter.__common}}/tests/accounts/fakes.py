"""A repository in memory, for tests of the rules alone."""

from uuid import UUID

from {{ cookiecutter.__package }}.accounts.models import RefreshToken, Session, User
from {{ cookiecutter.__package }}.accounts.repository import AccountRepository
from {{ cookiecutter.__package }}.core.errors import Duplicate


class FakeAccountRepository(AccountRepository):
    def __init__(self) -> None:
        self.users: dict[UUID, User] = {}
        self.sessions: dict[UUID, Session] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}

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

    def add_session(self, session: Session, refresh_token: RefreshToken) -> None:
        self.sessions[session.id] = session
        self.refresh_tokens[refresh_token.token_hash] = refresh_token
