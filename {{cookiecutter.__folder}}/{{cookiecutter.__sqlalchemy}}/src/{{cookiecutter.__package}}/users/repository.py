"""Every query on users."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate
from .models import User

# Built once: to build them takes as long as to run them.
_LOCKED_USER = (
    select(User)
    .where(User.id == bindparam("user_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)

_FIRST_PAGE = select(User).order_by(User.id.desc()).limit(bindparam("limit"))
_NEXT_PAGE = _FIRST_PAGE.where(User.id < bindparam("below"))


class UserRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_user(self, user: User) -> None:
        """Raises Duplicate when the email address has an account."""
        with catch_duplicate(self.session):
            self.session.add(user)

    def find_user(self, user_id: UUID) -> User | None:
        return self.session.get(User, user_id)

    def find_active_user_by_email(self, email: str) -> User | None:
        return self.session.scalar(select(User).where(User.email == email, User.is_active))

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        if below:
            return self.session.scalars(_NEXT_PAGE, {"below": below, "limit": limit}).all()
        return self.session.scalars(_FIRST_PAGE, {"limit": limit}).all()

    def lock_active_admins(self) -> list[UUID]:
        """Locks them until the end of the transaction, so that two administrators can not demote each other."""
        query = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
        return list(self.session.scalars(query))

    def lock_user(self, user_id: UUID) -> User | None:
        """Reads the user again and locks the row until the end of the transaction."""
        return self.session.scalar(_LOCKED_USER, {"user_id": user_id})

    def update_user(self, user: User, **changes: object) -> None:
        self.session.add(user)
        for name, value in changes.items():
            setattr(user, name, value)
        self.session.flush()

    def confirm_email(self, user: User, email: str) -> None:
        """Raises Duplicate when the email address has an account."""
        with catch_duplicate(self.session):
            self.update_user(user, email=email, email_verified=True)

    def remove_user(self, user_id: UUID) -> None:
        self.session.execute(delete(User).where(User.id == user_id))
