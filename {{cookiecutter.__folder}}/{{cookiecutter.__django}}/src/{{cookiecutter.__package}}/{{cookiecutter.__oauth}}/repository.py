"""Every query on identities, and on sign-ins that have begun."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ..core.database import catch_duplicate
from .models import Identity, OAuthState

SWEPT = 1000


class OAuthRepository:
    def add_state(self, state: OAuthState) -> None:
        state.save(force_insert=True)

    def take_state(self, state_hash: str) -> OAuthState | None:
        """Removes it. None if there is none, or if another request takes it."""
        state = OAuthState.objects.filter(state_hash=state_hash).select_for_update().first()
        if state:
            OAuthState.objects.filter(state_hash=state_hash).delete()
        return state

    def remove_states_expired_before(self, moment: datetime) -> int:
        """Removes up to SWEPT, but none that a request has locked. Returns how many."""
        expired = OAuthState.objects.filter(expires_at__lt=moment).select_for_update(skip_locked=True)
        some = list(expired.values_list("state_hash", flat=True)[:SWEPT])
        return OAuthState.objects.filter(state_hash__in=some).delete()[0]

    def find_identity(self, provider: str, issuer: str, subject: str) -> Identity | None:
        return Identity.objects.filter(provider=provider, issuer=issuer, subject=subject).first()

    def list_identities(self, user_id: UUID) -> Sequence[Identity]:
        return list(Identity.objects.filter(user_id=user_id).order_by("id"))

    def add_identity(self, identity: Identity) -> None:
        """Raises Duplicate if the provider's user has one."""
        with catch_duplicate():
            identity.save(force_insert=True)

    def update_identity(self, identity: Identity, **changes: object) -> None:
        for name, value in changes.items():
            setattr(identity, name, value)
        identity.save(update_fields=changes)

    def remove_identity(self, identity: Identity) -> None:
        Identity.objects.filter(id=identity.id).delete()

    def remove_identities(self, user_id: UUID) -> None:
        Identity.objects.filter(user_id=user_id).delete()
