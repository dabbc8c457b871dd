"""A repository in memory, for tests of the rules."""

from collections.abc import Sequence
from uuid import UUID

from {{ cookiecutter.__package }}.core.errors import Duplicate
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.repository import UserRepository


class FakeUserRepository(UserRepository):
    def __init__(self) -> None:
        self.users: dict[UUID, User] = {}

    def add_user(self, user: User) -> None:
        if self.find_active_user_by_email(user.email):
            raise Duplicate
        self.users[user.id] = user

    def find_user(self, user_id: UUID) -> User | None:
        return self.users.get(user_id)

    def find_active_user_by_email(self, email: str) -> User | None:
        return next((user for user in self.users.values() if user.email == email and user.is_active), None)

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        users = [user for user in self.users.values() if below is None or user.id < below]
        return sorted(users, key=lambda user: user.id, reverse=True)[:limit]

    def lock_active_admins(self) -> list[UUID]:
        return [user.id for user in self.users.values() if user.role == "admin" and user.is_active]

    def lock_user(self, user_id: UUID) -> User | None:
        return self.users.get(user_id)

    def update_user(self, user: User, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self.users[user.id], name, value)

    def confirm_email(self, user: User, email: str) -> None:
        if any(other.email == email and other.id != user.id for other in self.users.values()):
            raise Duplicate
        self.update_user(user, email=email, email_verified=True)

    def remove_user(self, user_id: UUID) -> None:
        del self.users[user_id]
