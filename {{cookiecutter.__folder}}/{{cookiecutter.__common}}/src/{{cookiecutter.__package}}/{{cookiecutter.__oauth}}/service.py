"""Who a provider says that somebody is, and whose account that opens.

Knows no HTTP and no SQL, and never commits.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..auth.schemas import Tokens
from ..core.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated, Unavailable
from ..users.models import User
from ..users.schemas import Role
from ..users.service import EmailTaken, UserService
from .models import Identity, OAuthState
from .repository import OAuthRepository
from .schemas import IdentityList, IdentityRead

log = structlog.get_logger()

NAME_LENGTH = 100


class ProviderNotFound(NotFound):
    code = "provider_not_found"


class InvalidState(BadRequest):
    code = "invalid_state"


class OAuthRefused(Unauthenticated):
    code = "oauth_refused"


class EmailNotVerified(Forbidden):
    code = "email_not_verified"


class ProviderUnavailable(Unavailable):
    code = "provider_unavailable"


class IdentityNotFound(NotFound):
    code = "identity_not_found"


class LastSignInMethod(Conflict):
    code = "last_sign_in_method"


@dataclass(frozen=True)
class Profile:
    """What a provider says of a user. `subject` is its id of the user, which never changes."""

    provider: str
    subject: str
    email: str
    email_verified: bool
    name: str


@dataclass(frozen=True)
class Visitor:
    """Who begins a sign-in. `user_id` is None for somebody who is not signed in."""

    user_id: UUID | None


class OAuthService:
    """`open_session` signs a user in, with the User-Agent of the client."""

    def __init__(
        self, repository: OAuthRepository, users: UserService, open_session: Callable[[User, str], Tokens]
    ) -> None:
        self.repository = repository
        self.users = users
        self.open_session = open_session

    def add_state(self, state: OAuthState) -> None:
        self.repository.add_state(state)

    def take_state(self, state_hash: str, provider: str, code_challenge: str) -> OAuthState:
        """Uses it up: only one of many requests gets it. Raises InvalidState."""
        state = self.repository.take_state(state_hash)
        if state is None or state.expires_at <= datetime.now(UTC):
            raise InvalidState("The sign-in is not valid any more; please begin again.")
        if state.provider != provider or not compare_digest(state.code_challenge, code_challenge):
            raise InvalidState("Another browser has begun this sign-in, or another provider.")
        return state

    def sign_in(self, profile: Profile, user_agent: str) -> Tokens:
        """The first time, it creates an account, or links the one that has proved the same email address. Raises
        EmailNotVerified, EmailTaken, OAuthRefused.
        """
        identity = self.repository.find_identity(profile.provider, profile.subject)
        user = self.users.lock_user(identity.user_id) if identity else None
        if identity and user and self._is_void(identity, user):
            self.repository.remove_identity(identity)
            identity = user = None
        if identity is None or user is None:
            user = self._find_or_create_user(profile)
            self._add_identity(user, profile)
        elif identity.email != profile.email:
            self.repository.update_identity(identity, email=profile.email)
        if not user.is_active:
            raise OAuthRefused("The account is locked.")
        return self.open_session(user, user_agent)

    def link(self, user_id: UUID, profile: Profile, user_agent: str) -> Tokens:
        """For a user who was signed in when it began, and whose address may be another one."""
        user = self.users.lock_user(user_id)
        if user is None or not user.is_active:
            raise OAuthRefused("The account is locked or deleted.")
        identity = self.repository.find_identity(profile.provider, profile.subject)
        if identity and identity.user_id != user_id:
            raise EmailTaken("Another account is linked to this sign-in.")
        if identity:
            self.repository.remove_identity(identity)
        self._add_identity(user, profile)
        return self.open_session(user, user_agent)

    def list_identities(self, user_id: UUID) -> IdentityList:
        identities = self.repository.list_identities(user_id)
        return IdentityList(items=[IdentityRead.model_validate(identity) for identity in identities])

    def remove_identity(self, user_id: UUID, identity_id: UUID) -> None:
        user = self.users.lock_current_user(user_id)
        identities = self.repository.list_identities(user_id)
        found = [identity for identity in identities if identity.id == identity_id]
        if not found:
            raise IdentityNotFound("There is no such identity.")
        if not user.password_hash and len(identities) == 1:
            raise LastSignInMethod("Without this identity and without a password, nobody could sign in.")
        self.repository.remove_identity(found[0])
        log.info("identity_removed", user_id=user_id, provider=found[0].provider)

    def remove_expired_states(self) -> None:
        self.repository.remove_states_expired_before(datetime.now(UTC))

    def _find_or_create_user(self, profile: Profile) -> User:
        if not profile.email_verified:
            raise EmailNotVerified("The provider has not verified the email address.")
        found = self.users.find_active_user(profile.email)
        user = self.users.lock_user(found.id) if found else None
        if user is None:
            name = profile.name.strip()[:NAME_LENGTH].strip() or profile.email.partition("@")[0][:NAME_LENGTH]
            return self.users.create_user(profile.email, name, "", Role.USER, email_verified=True)
        if not user.email_verified or user.email != profile.email:
            # Somebody may have signed up with an address of somebody else, and wait for them.
            raise EmailTaken("There is an account for this email address: sign in to it, and link this sign-in there.")
        return user

    def _add_identity(self, user: User, profile: Profile) -> None:
        """Raises Duplicate if another request adds it now."""
        self.repository.add_identity(
            Identity(
                id=uuid7(),
                user_id=user.id,
                provider=profile.provider,
                subject=profile.subject,
                email=profile.email,
                void_without=None if user.email_verified else digest(user.password_hash),
                created_at=datetime.now(UTC),
            )
        )
        log.info("identity_added", user_id=user.id, provider=profile.provider)

    def _is_void(self, identity: Identity, user: User) -> bool:
        """Whoever linked it had not proved that the address of the account is theirs. Somebody who reads the mail of
        that address has chosen a new password since, so the account belongs to them.
        """
        return identity.void_without is not None and identity.void_without != digest(user.password_hash)


def challenge_of(code_verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()


def digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
