"""What people may do with their account, and administrators with the accounts of others.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Forbidden, Invalid, NotFound, Unauthenticated
from ..core.pagination import Cursors, PageQuery, Rows
from ..core.passwords import hash_password, is_common, upgraded_hash, verify_password
from ..core.settings import Settings
from ..core.tokens import AccessTokens, hash_refresh_token, new_refresh_token
from .models import RefreshToken, Session, User
from .repository import AccountRepository
from .schemas import LogIn, PasswordChange, ProfileChange, Refresh, Role, SessionRead, SignUp, Tokens, UserChange


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
        self.user_cursors = Cursors(settings, "users")
        self.session_cursors = Cursors(settings, "sessions")

    def sign_up(self, form: SignUp, role: Role = Role.USER) -> User:
        if is_common(form.password):
            raise PasswordTooCommon("The password is among the ten thousand commonest.")
        user = User(
            id=uuid7(),
            email=form.email,
            name=form.name,
            password_hash=hash_password(form.password),
            role=role,
            is_active=True,
            created_at=datetime.now(UTC),
        )
        try:
            self.accounts.add_user(user)
        except Duplicate:
            raise EmailTaken("There is already an account for this address.") from None
        return user

    def log_in(self, form: LogIn, user_agent: str) -> Tokens:
        user = self.accounts.find_active_user_by_email(form.email)
        right = verify_password(form.password, user.password_hash if user else None)
        if user is None or not right:
            raise InvalidCredentials("The address or the password is wrong.")
        if better_hash := upgraded_hash(form.password, user.password_hash):
            user.password_hash = better_hash
            self.accounts.save_user(user)
        return self._open_session(user, user_agent)

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
            raise RefreshTokenReused("The refresh token has been used before; its session has ended.")
        token.used_at = session.last_used_at = now
        self.accounts.save_refresh_token(token)
        self.accounts.save_session(session)
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
        if identity.user.role != Role.ADMIN:
            raise Forbidden("This is for administrators.")
        return identity

    def log_out(self, me: Identity) -> None:
        self.accounts.remove_session(me.session_id, me.user.id)

    def list_sessions(self, me: Identity, query: PageQuery) -> Rows[SessionRead]:
        sessions = self.session_cursors.page(query, partial(self.accounts.list_sessions, me.user.id))
        return Rows([_describe(session, me) for session in sessions.items], sessions.next_cursor)

    def end_session(self, me: Identity, session_id: UUID) -> None:
        if not self.accounts.remove_session(session_id, me.user.id):
            raise SessionNotFound("You have no such session.")

    def change_password(self, me: Identity, form: PasswordChange) -> None:
        if not verify_password(form.current_password, me.user.password_hash):
            raise InvalidCredentials("The password is wrong.")
        if is_common(form.new_password):
            raise NewPasswordTooCommon("The password is among the ten thousand commonest.")
        user = self._get(me.user.id)
        user.password_hash = hash_password(form.new_password)
        self.accounts.save_user(user)
        self.accounts.remove_sessions(user.id, keep=me.session_id)

    def change_profile(self, me: Identity, form: ProfileChange) -> User:
        user = self._get(me.user.id)
        if "name" in form.model_fields_set:
            user.name = form.name
        self.accounts.save_user(user)
        return user

    def list_users(self, query: PageQuery) -> Rows[User]:
        return self.user_cursors.page(query, self.accounts.list_users)

    def read_user(self, me: Identity, user_id: UUID) -> User:
        if user_id != me.user.id and me.user.role != Role.ADMIN:
            raise UserNotFound("There is no such user.")
        return self._get(user_id)

    def change_user(self, user_id: UUID, form: UserChange) -> User:
        admins = self.accounts.lock_active_admins()
        user = self._get(user_id)
        if "role" in form.model_fields_set:
            user.role = form.role
        if "is_active" in form.model_fields_set:
            user.is_active = form.is_active
        if admins == [user_id] and not (user.is_active and user.role == Role.ADMIN):
            raise LastAdmin("There would be no active administrator left.")
        self.accounts.save_user(user)
        if not user.is_active:
            self.accounts.remove_sessions(user.id)
        return user

    def _get(self, user_id: UUID) -> User:
        user = self.accounts.find_user(user_id)
        if user is None:
            raise UserNotFound("There is no such user.")
        return user

    def _open_session(self, user: User, user_agent: str) -> Tokens:
        now = datetime.now(UTC)
        session = Session(id=uuid7(), user_id=user.id, user_agent=user_agent[:200], created_at=now, last_used_at=now)
        self.accounts.add_session(session)
        return self._issue_tokens(session, now)

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


def _describe(session: Session, me: Identity) -> SessionRead:
    return SessionRead(
        id=session.id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        user_agent=session.user_agent,
        current=session.id == me.session_id,
    )
