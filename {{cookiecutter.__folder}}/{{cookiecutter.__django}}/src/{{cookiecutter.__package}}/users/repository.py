"""Every query on users."""

from collections.abc import Sequence
from uuid import UUID

from ..core.database import catch_duplicate, lock_row, stored_id
from .models import User


class UserRepository:
    def add_user(self, user: User) -> None:
        """Raises Duplicate when the email address has an account."""
        with catch_duplicate():
            user.save(force_insert=True)

    def find_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(id=user_id).first()

    def find_active_user_by_email(self, email: str) -> User | None:
        return User.objects.filter(email=email, is_active=True).first()

    def list_users(self, below: UUID | None, limit: int) -> Sequence[User]:
        users = User.objects.order_by("-id")
        return list((users.filter(id__lt=below) if below else users)[:limit])

    def lock_active_admins(self) -> list[UUID]:
        """Locks them until the end of the transaction, so that two administrators can not demote each other."""
        admins = User.objects.filter(role="admin", is_active=True).order_by("id").select_for_update()
        return list(admins.values_list("id", flat=True))

    def lock_user(self, user_id: UUID) -> User | None:
        """Reads the user again and locks the row until the end of the transaction."""
        return lock_row(User, "SELECT * FROM users WHERE id = %s", stored_id(user_id))

    def update_user(self, user: User, **changes: object) -> None:
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=changes)

    def confirm_email(self, user: User, email: str) -> None:
        """Raises Duplicate when the email address has an account."""
        with catch_duplicate():
            self.update_user(user, email=email, email_verified=True)

    def remove_user(self, user_id: UUID) -> None:
        User.objects.filter(id=user_id).delete()
