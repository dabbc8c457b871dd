"""Every query on identities, and on sign-ins that have begun."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate
from .models import Identity, OAuthState

SWEPT = 1000


class OAuthRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_state(self, state: OAuthState) -> None:
        self.session.add(state)

    def take_state(self, state_hash: str) -> OAuthState | None:
        """Removes it. None if there is none, or if another request takes it."""
        query = delete(OAuthState).where(OAuthState.state_hash == state_hash).returning(OAuthState)
        return self.session.scalar(query)

    def remove_states_expired_before(self, moment: datetime) -> int:
        """Removes up to SWEPT, but none that a request has locked. Returns how many."""
        some = select(OAuthState.state_hash).where(OAuthState.expires_at < moment).limit(SWEPT)
        locked = some.with_for_update(skip_locked=True).cte()
        query = delete(OAuthState).where(OAuthState.state_hash.in_(select(locked)))
        return len(self.session.scalars(query.returning(OAuthState.state_hash)).all())

    def find_identity(self, provider: str, issuer: str, subject: str) -> Identity | None:
        query = select(Identity).where(Identity.provider == provider, Identity.issuer == issuer)
        query = query.where(Identity.subject == subject)
        return self.session.scalar(query.execution_options(populate_existing=True))

    def list_identities(self, user_id: UUID) -> Sequence[Identity]:
        return self.session.scalars(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id)).all()

    def add_identity(self, identity: Identity) -> None:
        """Raises Duplicate if the provider's user has one."""
        with catch_duplicate(self.session):
            self.session.add(identity)

    def update_identity(self, identity: Identity, **changes: object) -> None:
        for name, value in changes.items():
            setattr(identity, name, value)

    def remove_identity(self, identity: Identity) -> None:
        self.session.execute(delete(Identity).where(Identity.id == identity.id))

    def remove_identities(self, user_id: UUID) -> None:
        self.session.execute(delete(Identity).where(Identity.user_id == user_id))
