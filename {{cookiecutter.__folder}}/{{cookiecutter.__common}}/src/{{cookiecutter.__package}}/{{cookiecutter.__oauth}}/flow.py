"""From a click on "sign in with Google" to the tokens of this service (RFC 6749 with RFC 7636 and RFC 9700).

Two pairs of PKCE: that of this service binds the code of the provider to its state, and that of the client, the state
to the browser that began. No transaction is open while a provider is asked.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from threading import BoundedSemaphore, Thread
from time import monotonic

from ..auth.schemas import Tokens
from ..auth.service import LoginSessionService
from ..core.database import THREADS
from ..core.errors import Invalid
from ..users.service import EmailTaken
from .models import OAuthState
from .providers import Provider, configured_providers, deadline
from .schemas import OAuthFinish, OAuthStart, OAuthStarted
from .service import OAuthService, Profile, ProviderNotFound, ProviderUnavailable, Visitor, challenge_of, digest
from .settings import get_settings

LIFETIME = timedelta(minutes=10)
SECRET_BYTES = 32
# For all requests to a provider together.
TIMEOUT_SECONDS = 5.0

# A provider that is slow must not take all threads.
_provider_slots = BoundedSemaphore(THREADS // 4)


class UnknownRedirectUri(Invalid):
    code = "unknown_redirect_uri"
    field = "redirect_uri"


class OAuthFlow:
    """`in_transaction` opens a transaction and returns the service that works in it."""

    def __init__(self, in_transaction: Callable[[], AbstractContextManager[OAuthService]]) -> None:
        self.in_transaction = in_transaction

    def start(self, provider_name: str, body: OAuthStart, visitor: Visitor) -> OAuthStarted:
        """For a user who is signed in, it will link the identity to the account. Raises ProviderNotFound,
        UnknownRedirectUri, ProviderUnavailable.
        """
        end = monotonic() + TIMEOUT_SECONDS
        provider = _find(provider_name)
        if body.redirect_uri not in get_settings().oauth_redirect_uris:
            raise UnknownRedirectUri("OAUTH_REDIRECT_URIS does not have this address.")
        state, verifier, nonce = (token_urlsafe(SECRET_BYTES) for _ in range(3))
        url = _in_time(
            lambda: provider.authorization_url(
                redirect_uri=body.redirect_uri, state=state, nonce=nonce, code_challenge=challenge_of(verifier)
            ),
            end,
        )
        begun = OAuthState(
            state_hash=digest(state),
            provider=provider_name,
            redirect_uri=body.redirect_uri,
            code_challenge=body.code_challenge,
            code_verifier=verifier,
            nonce=nonce,
            expires_at=datetime.now(UTC) + LIFETIME,
        )
        with self.in_transaction() as oauth:
            oauth.add_state(begun, visitor)
        return OAuthStarted(authorization_url=url, state=state, expires_in=int(LIFETIME.total_seconds()))

    def finish(self, provider_name: str, body: OAuthFinish, user_agent: str) -> Tokens:
        """Raises InvalidState, OAuthRefused, ProviderUnavailable, EmailNotVerified, EmailTaken."""
        end = monotonic() + TIMEOUT_SECONDS
        provider = _find(provider_name)
        challenge = challenge_of(body.code_verifier.get_secret_value())
        with self.in_transaction() as oauth:
            state = oauth.take_state(digest(body.state.get_secret_value()), provider_name, challenge)
        profile = _in_time(
            lambda: provider.fetch_profile(
                code=body.code.get_secret_value(),
                redirect_uri=state.redirect_uri,
                code_verifier=state.code_verifier,
                nonce=state.nonce,
            ),
            end,
        )
        try:
            return self._sign_in(profile, state, user_agent)
        except EmailTaken:  # Perhaps by another request, just now, for the same identity.
            return self._sign_in(profile, state, user_agent)

    def _sign_in(self, profile: Profile, state: OAuthState, user_agent: str) -> Tokens:
        with self.in_transaction() as oauth:
            if state.user_id and state.session_id:
                return oauth.link(state.user_id, state.session_id, profile, user_agent)
            return oauth.sign_in(profile, user_agent)


def visitor_of(sessions: LoginSessionService, authorization: str | None) -> Visitor:
    """Raises Unauthenticated for a token that is not valid."""
    return Visitor(None if authorization is None else sessions.authenticate(authorization))


def _find(name: str) -> Provider:
    if name not in configured_providers():
        raise ProviderNotFound("There is no such provider.")
    return configured_providers()[name]


def _in_time[Result](ask: Callable[[], Result], end: float) -> Result:
    """An HTTP client alone would begin to wait anew with each byte."""
    answered: Future[Result] = Future()

    slots = _provider_slots

    def run() -> None:
        deadline.set(end)
        try:
            answered.set_result(ask())
        except Exception as error:
            answered.set_exception(error)
        finally:
            slots.release()

    if not slots.acquire(blocking=False):
        raise ProviderUnavailable("Too many sign-ins wait for a provider; please begin again.")
    try:
        Thread(target=copy_context().run, args=[run], daemon=True).start()
    except RuntimeError as error:
        slots.release()
        raise ProviderUnavailable("Too many sign-ins wait for a provider; please begin again.") from error
    try:
        return answered.result(max(end - monotonic(), 0))
    except TimeoutError as error:
        raise ProviderUnavailable("The provider does not answer in time; please begin again.") from error
