"""Every query on accounts."""

from uuid import UUID

from django.db import IntegrityError

from ..core.errors import Duplicate
from .models import RefreshToken, Session, User


class AccountRepository:
    def add_user(self, user: User) -> None:
        """Raises Duplicate when the address has an account."""
        try:
            user.save(force_insert=True)
        except IntegrityError as error:
            raise Duplicate from error

    def find_active_user_by_email(self, email: str) -> User | None:
        return User.objects.filter(email=email, is_active=True).first()

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        return User.objects.filter(id=user_id, is_active=True, sessions__id=session_id).first()

    def add_session(self, session: Session, refresh_token: RefreshToken) -> None:
        session.save(force_insert=True)
        refresh_token.save(force_insert=True)
