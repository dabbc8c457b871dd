"""What ends when the owner of an account takes it back: somebody else may have linked an identity."""

from uuid import UUID

from sqlalchemy.orm import Session

from .repository import OAuthRepository


def remove_sign_in_methods(session: Session, user_id: UUID) -> None:
    OAuthRepository(session).remove_identities(user_id)
