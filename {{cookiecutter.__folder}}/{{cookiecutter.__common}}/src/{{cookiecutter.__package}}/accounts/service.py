"""What people may do with their account, and administrators with the accounts of others.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Forbidden, Invalid, NotFound, Unauthenticated
from ..core.pagination import Cursors, PageQuery, Rows
from ..core.rate_limits import Quota, RateLimited
from ..core.settings import Settings
from ..core.tokens import AccessTokens, hash_refresh_token, new_refresh_token
from .models import RefreshToken, Session, User
from .repository import AccountRepository
from .schemas import ProfileChange, Refresh, Role, SessionRead, SignUp, Tokens, UserChange

log = structlog.get_logger()


class EmailTaken(Conflict):
    code = "email_taken"


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"


class InvalidRefreshToken(Unauthenticated):
    code = "invalid_refresh_token"


class RefreshTokenReused(Unauthenticated):
    code = "refresh_token_reused"
    keeps_changes = True  # The session that it ended stays ended.


class LastAdmin(Conflict):
    code = "last_admin"


class PasswordTooCommon(Invalid):
    code = "password_too_common"
    field = "password"


class NewPasswordTooCommon(PasswordTooCommon):
    field = "new_password"


class SessionNotFound(NotFound):
    code = "session_not_found"


class UserNotFound(NotFound):
    code = "user_not_found"


@dataclass(frozen=True)
class Identity:
    """Who calls, and from which session."""

    user: User
    session_id: UUID


class AccountService:
    def __init__(self, accounts: AccountRepository, settings: Settings) -> None:
        self.accounts = accounts
        self.access_tokens = AccessTokens(settings)
        self.refresh_token_ttl = timedelta(seconds=settings.refresh_token_ttl)
        self.login_limit = settings.login_rate_limit
        self.user_cursors = Cursors(settings, "users")
        self.session_cursors = Cursors(settings, "sessions")

    def open_account(self, form: SignUp, password_hash: str, role: Role) -> User:
        user = User(
            id=uuid7(),
            email=form.email,
            name=form.name,
            password_hash=password_hash,
            role=role,
            is_active=True,
            created_at=datetime.now(UTC),
        )
        try:
            self.accounts.add_user(user)
        except Duplicate:
            raise EmailTaken("There is already an account for this address.") from None
        log.info("signed_up", user_id=user.id, role=role)
        return user

    def count_login_attempt(self, network: str) -> None:
        """Raises RateLimited. Those who come at once from one network do so one after the other."""
        now = datetime.now(UTC)
        window = timedelta(seconds=self.login_limit.get_expiry())
        attempts = self.accounts.lock_login_attempts(network, now + window)
        recent = [time for time in attempts.times if time > (now - window).timestamp()]
        if len(recent) >= self.login_limit.amount:
            reset = ceil(recent[0] - (now - window).timestamp())
            raise RateLimited(Quota("login", self.login_limit, remaining=0, reset=reset))
        attempts.times = [*recent, now.timestamp()]
        self.accounts.save_login_attempts(attempts)

    def find_active_user(self, email: str) -> User | None:
        return self.accounts.find_active_user_by_email(email)

    def open_session(self, user: User, user_agent: str, better_hash: str | None) -> Tokens:
        """For a user whose password was right a moment ago."""
        user = self._lock_unchanged(user)
        if better_hash:
            user.password_hash = better_hash
            self.accounts.save_user(user)
        now = datetime.now(UTC)
        self.accounts.remove_sessions_unused_since(now - self.refresh_token_ttl, user.id)
        self.accounts.remove_login_attempts(before=now)
        session = Session(id=uuid7(), user_id=user.id, user_agent=user_agent[:200], created_at=now, last_used_at=now)
        self.accounts.add_session(session)
        log.info("signed_in", user_id=user.id, session_id=session.id)
        return self._issue_tokens(session, now)

    def refresh(self, form: Refresh) -> Tokens:
        token_hash = hash_refresh_token(form.refresh_token.get_secret_value())
        now = datetime.now(UTC)
        session = self.accounts.lock_session_of_token(token_hash)
        token = self.accounts.find_refresh_token(token_hash)
        if session is None or token is None or token.expires_at <= now:
            raise InvalidRefreshToken("The refresh token is not valid.")
        if token.used_at:
            # Somebody else may hold a copy of a token that comes twice: its session ends for both.
            self.accounts.remove_session(session.id, session.user_id)
            log.warning("refresh_token_reused", user_id=session.user_id, session_id=session.id)
            raise RefreshTokenReused("The refresh token has been used before; its session has ended.")
        token.used_at = session.last_used_at = now
        self.accounts.save_refresh_token(token)
        self.accounts.save_session(session)
        self.accounts.remove_expired_refresh_tokens(session.id, now)
        return self._issue_tokens(session, now)

    def identify(self, access_token: str) -> Identity:
        """The signed-in user. The session decides, not the token alone: it may have ended since."""
        claims = self.access_tokens.read(access_token)
        user = self.accounts.find_signed_in_user(claims.user_id, claims.session_id)
        if user is None:
            raise Unauthenticated
        return Identity(user, claims.session_id)

    def identify_admin(self, access_token: str) -> Identity:
        identity = self.identify(access_token)
        _require_admin(identity.user)
        return identity

    def log_out(self, me: Identity) -> None:
        self.accounts.remove_session(me.session_id, me.user.id)
        log.info("signed_out", user_id=me.user.id, session_id=me.session_id)

    def list_sessions(self, me: Identity, query: PageQuery) -> Rows[SessionRead]:
        sessions = self.session_cursors.page(query, partial(self.accounts.list_sessions, me.user.id))
        return Rows([_describe(session, me) for session in sessions.items], sessions.next_cursor)

    def end_session(self, me: Identity, session_id: UUID) -> None:
        self._lock_caller(me)
        if not self.accounts.remove_session(session_id, me.user.id):
            raise SessionNotFound("You have no such session.")
        log.info("session_ended", user_id=me.user.id, session_id=session_id)

    def replace_password(self, me: Identity, new_hash: str) -> None:
        user = self._lock_caller(me)
        _require_same_password(user, me.user)
        user.password_hash = new_hash
        self.accounts.save_user(user)
        self.accounts.remove_sessions(user.id, keep=me.session_id)
        log.info("password_changed", user_id=user.id, session_id=me.session_id)

    def change_profile(self, me: Identity, form: ProfileChange) -> User:
        user = self._lock_caller(me)
        if "name" in form.model_fields_set:
            user.name = form.name
        self.accounts.save_user(user)
        return user

    def list_users(self, query: PageQuery) -> Rows[User]:
        return self.user_cursors.page(query, self.accounts.list_users)

    def read_user(self, me: Identity, user_id: UUID) -> User:
        if user_id != me.user.id and me.user.role != Role.ADMIN:
            raise UserNotFound("There is no such user.")
        return _found(self.accounts.find_user(user_id))

    def change_user(self, me: Identity, user_id: UUID, form: UserChange) -> User:
        admins = self.accounts.lock_active_admins()
        _require_admin(self._lock_caller(me))
        user = _found(self.accounts.lock_user(user_id))
        if "role" in form.model_fields_set:
            user.role = form.role
        if "is_active" in form.model_fields_set:
            user.is_active = form.is_active
        if admins == [user_id] and not (user.is_active and user.role == Role.ADMIN):
            raise LastAdmin("There would be no active administrator left.")
        self.accounts.save_user(user)
        if not user.is_active:
            self.accounts.remove_sessions(user.id)
        log.info("user_changed", user_id=user.id, role=user.role, is_active=user.is_active, by=me.user.id)
        return user

    def _lock_unchanged(self, user: User) -> User:
        """Raises InvalidCredentials when the account was locked, or got another password, a moment ago."""
        current = self.accounts.lock_user(user.id)
        if current is None or not current.is_active:
            raise InvalidCredentials("The account has been locked meanwhile.")
        _require_same_password(current, user)
        return current

    def _lock_caller(self, me: Identity) -> User:
        """For a change: the caller may have been signed out, or changed, while the body of the request came in."""
        self.accounts.lock_user(me.user.id)
        user = self.accounts.find_signed_in_user(me.user.id, me.session_id)  # It sees what the lock has waited for.
        if user is None:
            raise Unauthenticated
        return user

    def _issue_tokens(self, session: Session, now: datetime) -> Tokens:
        refresh_token = new_refresh_token()
        self.accounts.add_refresh_token(
            RefreshToken(
                token_hash=hash_refresh_token(refresh_token),
                session_id=session.id,
                created_at=now,
                expires_at=now + self.refresh_token_ttl,
            )
        )
        return Tokens(
            access_token=self.access_tokens.issue(session.user_id, session.id),
            refresh_token=refresh_token,
            token_type="bearer",
            expires_in=self.access_tokens.lifetime,
        )


def _require_admin(user: User) -> None:
    if user.role != Role.ADMIN:
        raise Forbidden("This is for administrators.")


def _require_same_password(current: User, checked: User) -> None:
    if current.password_hash != checked.password_hash:
        raise InvalidCredentials("The password has changed meanwhile.")


def _found(user: User | None) -> User:
    if user is None:
        raise UserNotFound("There is no such user.")
    return user


def _describe(session: Session, me: Identity) -> SessionRead:
    return SessionRead(
        id=session.id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        user_agent=session.user_agent,
        current=session.id == me.session_id,
    )
