"""What users may do with their profiles, and administrators with other users.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Forbidden, NotFound, Unauthenticated
from ..core.pagination import Cursors, Page, PageQuery
from .models import User
from .repository import UserRepository
from .schemas import ProfileChange, Role, UserChange

log = structlog.get_logger()

user_cursors = Cursors("users")


class EmailTaken(Conflict):
    code = "email_taken"


class LastAdmin(Conflict):
    code = "last_admin"


class UserNotFound(NotFound):
    code = "user_not_found"


class UserService:
    """`end_access` signs a user out everywhere, and ends what links in mails allow. `record` writes an event."""

    def __init__(self, users: UserRepository, end_access: Callable[[UUID], None], record: Callable[..., None]) -> None:
        self.users = users
        self.end_access = end_access
        self.record = record

    def create_user(
        self, email: str, name: str, password_hash: str, role: Role, *, email_verified: bool = False
    ) -> User:
        user = User(
            id=uuid7(),
            email=email,
            email_verified=email_verified,
            name=name,
            password_hash=password_hash,
            role=role,
            is_active=True,
            created_at=datetime.now(UTC),
        )
        try:
            self.users.add_user(user)
        except Duplicate:
            raise EmailTaken("There is already an account for this email address.") from None
        self.record("user.created", user_id=user.id, role=role)
        log.info("signed_up", user_id=user.id, role=role)
        return user

    def find_active_user(self, email: str) -> User | None:
        return self.users.find_active_user_by_email(email)

    def list_users(self, query: PageQuery) -> Page[User]:
        return user_cursors.page(query, self.users.list_users)

    def read_user(self, reader: User, user_id: UUID) -> User:
        if user_id != reader.id and reader.role != Role.ADMIN:
            raise UserNotFound("There is no such user.")
        return _found(self.users.find_user(user_id))

    def change_profile(self, user_id: UUID, changes: ProfileChange) -> User:
        user = self.lock_current_user(user_id)
        self._update(user, changes)
        return user

    def change_user(self, admin: User, user_id: UUID, changes: UserChange) -> User:
        admins = self.users.lock_active_admins()
        if admin.id not in admins:
            raise Forbidden("Only administrators may do this.")  # Another administrator has just removed the role.
        user = _found(self.users.lock_user(user_id))
        if admins == [user_id] and (changes.role == Role.USER or changes.is_active is False):
            raise LastAdmin("There would be no active administrator left.")
        self._update(user, changes)
        if not user.is_active:
            self.end_access(user.id)
        log.info("user_changed", user_id=user.id, role=user.role, is_active=user.is_active, by=admin.id)
        return user

    def lock_active_admins(self) -> list[UUID]:
        """Locks them until the end of the transaction."""
        return self.users.lock_active_admins()

    def lock_user(self, user_id: UUID) -> User | None:
        """Reads the user again and locks the row until the end of the transaction."""
        return self.users.lock_user(user_id)

    def lock_current_user(self, user_id: UUID) -> User:
        """For who sends the request. Raises Unauthenticated when another request has just deleted the account."""
        user = self.lock_user(user_id)
        if user is None:
            raise Unauthenticated
        return user

    def confirm_email(self, user: User, email: str) -> None:
        """For who has proved that the address is theirs. Raises EmailTaken."""
        confirmed = {"email": email, "email_verified": True}
        changed = sorted(name for name, value in confirmed.items() if getattr(user, name) != value)
        if not changed:
            return
        try:
            self.users.confirm_email(user, email)
        except Duplicate:
            raise EmailTaken("There is already an account for this email address.") from None
        self.record("user.updated", user_id=user.id, role=user.role, changed=changed)

    def replace_password(self, user: User, password_hash: str) -> None:
        self.users.update_user(user, password_hash=password_hash)

    def delete_user(self, user: User) -> None:
        if user.role == Role.ADMIN and self.users.lock_active_admins() == [user.id]:
            raise LastAdmin("There would be no active administrator left.")
        self.users.remove_user(user.id)
        self.record("user.deactivated", user_id=user.id)
        log.info("user_deleted", user_id=user.id)

    def _update(self, user: User, changes: ProfileChange | UserChange) -> None:
        changed = {name: value for name, value in changes.model_dump().items() if getattr(user, name) != value}
        if not changed:
            return
        self.users.update_user(user, **changed)
        is_deactivated = changed.get("is_active") is False
        if len(changed) > is_deactivated:
            self.record("user.updated", user_id=user.id, role=user.role, changed=sorted(changed))
        if is_deactivated:
            self.record("user.deactivated", user_id=user.id)


def _found(user: User | None) -> User:
    if user is None:
        raise UserNotFound("There is no such user.")
    return user
