"""Every query on accounts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DatabaseSession

from ..core.errors import Duplicate
from .models import RefreshToken, Session, User


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

    def add_session(self, session: Session, refresh_token: RefreshToken) -> None:
        self.database.add(session)
        self.database.flush()
        self.database.add(refresh_token)
