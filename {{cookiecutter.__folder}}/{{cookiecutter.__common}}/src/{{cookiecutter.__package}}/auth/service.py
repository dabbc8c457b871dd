"""Who is signed in, and for how long.

Knows no SQL, and of HTTP only the headers that it is given. Never commits: the request is the transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..core.errors import Forbidden, NotFound, Unauthenticated
from ..core.pagination import Cursors, Page, PageQuery
from ..core.settings import Settings
from ..users.models import User
from ..users.schemas import Role
from .models import LoginSession, RefreshToken
from .repository import AuthRepository
from .schemas import LoginSessionRead, Refresh, Tokens
from .tokens import access_tokens, bearer_token, hash_token, new_token

log = structlog.get_logger()

USER_AGENT_LENGTH = 200

session_cursors = Cursors("sessions")


class InvalidRefreshToken(Unauthenticated):
    code = "invalid_refresh_token"


class RefreshTokenReused(Unauthenticated):
    code = "refresh_token_reused"
    keeps_changes = True  # The session that was ended stays ended.


class LoginSessionNotFound(NotFound):
    code = "session_not_found"


@dataclass(frozen=True)
class CurrentUser:
    """The user who sends a request, and the session that it comes from."""

    user: User
    session_id: UUID

    @property
    def id(self) -> UUID:
        return self.user.id


class LoginSessionService:
    def __init__(self, auth: AuthRepository, settings: Settings) -> None:
        self.auth = auth
        self.access_tokens = access_tokens()
        self.refresh_token_ttl = timedelta(seconds=settings.refresh_token_ttl)
        self.max_age = timedelta(seconds=settings.session_max_age)

    def open_session(self, user: User, user_agent: str) -> Tokens:
        """For a user who has proved who they are."""
        now = datetime.now(UTC)
        session = LoginSession(
            id=uuid7(), user_id=user.id, user_agent=_readable(user_agent), created_at=now, last_used_at=now
        )
        self.auth.add_session(session)
        log.info("signed_in", user_id=user.id, session_id=session.id)
        return self._issue_tokens(session, now)

    def refresh(self, body: Refresh) -> Tokens:
        token_hash = hash_token(body.refresh_token.get_secret_value())
        now = datetime.now(UTC)
        token, session = self.auth.lock_refresh_token(token_hash) or (None, None)
        if session is None or token is None or token.expires_at <= now:
            raise InvalidRefreshToken("The refresh token is not valid.")
        if token.used_at:
            # Two clients hold this token, and one of them may have stolen it: the session ends for both.
            self.auth.remove_session(session.id, session.user_id)
            log.warning("refresh_token_reused", user_id=session.user_id, session_id=session.id)
            raise RefreshTokenReused("The refresh token has been used before; its session has ended.")
        token.used_at = session.last_used_at = now
        self.auth.save_refresh_token(token)
        self.auth.save_session(session)
        return self._issue_tokens(session, now)

    def authenticate(self, authorization: str | None) -> CurrentUser:
        """The user of an Authorization header. The token alone is not enough: its session may have ended."""
        claims = self.access_tokens.read(bearer_token(authorization))
        user = self.auth.find_signed_in_user(claims.user_id, claims.session_id)
        if user is None:
            raise Unauthenticated
        return CurrentUser(user, claims.session_id)

    def authenticate_admin(self, authorization: str | None) -> CurrentUser:
        current_user = self.authenticate(authorization)
        if current_user.user.role != Role.ADMIN:
            raise Forbidden("Only administrators may do this.")
        return current_user

    def log_out(self, current_user: CurrentUser) -> None:
        self.auth.remove_session(current_user.session_id, current_user.id)
        log.info("signed_out", user_id=current_user.id, session_id=current_user.session_id)

    def list_sessions(self, current_user: CurrentUser, query: PageQuery) -> Page[LoginSessionRead]:
        page = session_cursors.page(query, partial(self.auth.list_sessions, current_user.id))
        return Page([_describe(session, current_user) for session in page.items], page.next_cursor)

    def end_session(self, current_user: CurrentUser, session_id: UUID) -> None:
        if not self.auth.remove_session(session_id, current_user.id):
            raise LoginSessionNotFound("You have no such session.")
        log.info("session_ended", user_id=current_user.id, session_id=session_id)

    def end_other_sessions(self, current_user: CurrentUser) -> None:
        self.auth.remove_sessions(current_user.id, keep=current_user.session_id)

    def remove_expired(self) -> bool:
        """What nobody can use any more. Removes a part of it at a time: true if there may be more."""
        now = datetime.now(UTC)
        removed = [
            self.auth.remove_sessions_unused_since(now - self.refresh_token_ttl),
            self.auth.remove_expired_refresh_tokens(now),
            self.auth.remove_expired_email_tokens(now),
            self.auth.remove_expired_login_attempts(now),
        ]
        return any(removed)

    def is_signed_in(self, current_user: CurrentUser) -> bool:
        """Whether the session is still open."""
        return self.auth.find_signed_in_user(current_user.id, current_user.session_id) is not None

    def _issue_tokens(self, session: LoginSession, now: datetime) -> Tokens:
        refresh_token = new_token()
        self.auth.add_refresh_token(
            RefreshToken(
                token_hash=hash_token(refresh_token),
                session_id=session.id,
                created_at=now,
                expires_at=min(now + self.refresh_token_ttl, session.created_at + self.max_age),
            )
        )
        return Tokens(
            access_token=self.access_tokens.issue(session.user_id, session.id),
            refresh_token=refresh_token,
            token_type="bearer",
            expires_in=self.access_tokens.lifetime,
        )


def _readable(user_agent: str) -> str:
    """Headers arrive decoded as Latin-1, but clients write UTF-8."""
    return user_agent.encode("latin-1", "replace").decode("utf-8", "replace")[:USER_AGENT_LENGTH]


def _describe(session: LoginSession, current_user: CurrentUser) -> LoginSessionRead:
    return LoginSessionRead(
        id=session.id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        user_agent=session.user_agent,
        current=session.id == current_user.session_id,
    )
