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
from ..auth.service import CurrentUser, LoginSessionService
from ..core.errors import BadRequest, Conflict, Duplicate, Forbidden, NotFound, Unauthenticated, Unavailable
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
    """What a provider says of a user. `subject` is the id of the user at the issuer, which never changes."""

    provider: str
    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


@dataclass(frozen=True)
class Visitor:
    """Who begins a sign-in. `current_user` is None for somebody who is not signed in."""

    current_user: CurrentUser | None


class OAuthService:
    """`enqueue` lets a worker run a job of oauth/jobs.py, after the commit."""

    def __init__(
        self,
        repository: OAuthRepository,
        users: UserService,
        sessions: LoginSessionService,
        enqueue: Callable[..., None],
    ) -> None:
        self.repository = repository
        self.users = users
        self.sessions = sessions
        self.enqueue = enqueue

    def add_state(self, state: OAuthState, visitor: Visitor) -> None:
        """For a visitor who is signed in, it links an identity. Raises Unauthenticated if that has ended meanwhile."""
        if current_user := visitor.current_user:
            self.users.lock_current_user(current_user.id)
            if not self.sessions.is_signed_in(current_user):
                raise Unauthenticated
            state.user_id, state.session_id = current_user.id, current_user.session_id
        self.repository.add_state(state)

    def take_state(self, state_hash: str, provider: str, code_challenge: str) -> OAuthState:
        """Uses it up: only one of many requests gets it. Raises InvalidState, and then it stays."""
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
        user = self._lock_user_of(profile) or self._find_or_create_user(profile)
        if not user.is_active:
            raise OAuthRefused("The account is locked.")
        return self.sessions.open_session(user, user_agent)

    def link(self, user_id: UUID, session_id: UUID, profile: Profile, user_agent: str) -> Tokens:
        """For a user who was signed in when it began, and whose address may be another one. Raises EmailTaken,
        OAuthRefused.
        """
        user = self.users.lock_user(user_id)
        if user is None or not self.sessions.is_signed_in(CurrentUser(user, session_id)):
            raise OAuthRefused("The session that began this has ended.")
        identity = self._find_identity(profile)
        if identity is None:
            self._add_identity(user, profile)
        elif identity.user_id != user_id:
            raise EmailTaken("Another account is linked to this sign-in.")
        return self.sessions.open_session(user, user_agent)

    def list_identities(self, user_id: UUID) -> IdentityList:
        identities = self.repository.list_identities(user_id)
        return IdentityList(items=[IdentityRead.model_validate(identity) for identity in identities])

    def remove_identity(self, current_user: CurrentUser, identity_id: UUID) -> None:
        """The other sessions end: it may have opened them."""
        user = self.users.lock_current_user(current_user.id)
        identities = self.repository.list_identities(user.id)
        found = [identity for identity in identities if identity.id == identity_id]
        if not found:
            raise IdentityNotFound("There is no such identity.")
        if not user.password_hash and len(identities) == 1:
            raise LastSignInMethod("Without this identity and without a password, nobody could sign in.")
        self.repository.remove_identity(found[0])
        self.sessions.end_other_sessions(current_user)
        log.info("identity_removed", user_id=user.id, provider=found[0].provider)

    def remove_expired_states(self) -> bool:
        """Removes a part of them. True if there may be more."""
        return self.repository.remove_states_expired_before(datetime.now(UTC)) > 0

    def _lock_user_of(self, profile: Profile) -> User | None:
        """The user whose identity it is."""
        identity = self._find_identity(profile)
        user = self.users.lock_user(identity.user_id) if identity else None
        identity = self._find_identity(profile)  # After the lock: as it is now.
        if user is None or identity is None or identity.user_id != user.id:
            return None
        if identity.email != profile.email:
            self.repository.update_identity(identity, email=profile.email)
        return user

    def _find_identity(self, profile: Profile) -> Identity | None:
        return self.repository.find_identity(profile.provider, profile.issuer, profile.subject)

    def _find_or_create_user(self, profile: Profile) -> User:
        if not profile.email_verified:
            raise EmailNotVerified("The provider has not verified the email address.")
        found = self.users.find_active_user(profile.email)
        user = self.users.lock_user(found.id) if found else None
        if user is None:
            name = profile.name.strip()[:NAME_LENGTH].strip() or profile.email.partition("@")[0][:NAME_LENGTH]
            user = self.users.create_user(profile.email, name, "", Role.USER, email_verified=True)
        elif not user.email_verified or user.email != profile.email:
            # Somebody may have signed up with an address of somebody else, and wait for them.
            raise EmailTaken("There is an account for this email address: sign in to it, and link this sign-in there.")
        self._add_identity(user, profile, is_new=found is None)
        return user

    def _add_identity(self, user: User, profile: Profile, *, is_new: bool = False) -> None:
        """Raises EmailTaken if another request adds it now."""
        identity = Identity(
            id=uuid7(),
            user_id=user.id,
            provider=profile.provider,
            issuer=profile.issuer,
            subject=profile.subject,
            email=profile.email,
            created_at=datetime.now(UTC),
        )
        try:
            self.repository.add_identity(identity)
        except Duplicate:
            raise EmailTaken("Another account is linked to this sign-in.") from None
        if not is_new:
            self.enqueue("oauth.mail_identity_added", email=user.email)
        log.info("identity_added", user_id=user.id, provider=profile.provider)


def challenge_of(code_verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()


def digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
