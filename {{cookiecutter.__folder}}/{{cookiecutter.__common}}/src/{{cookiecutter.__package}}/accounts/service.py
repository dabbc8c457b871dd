"""What people may do with their account.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from datetime import UTC, datetime, timedelta

from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Unauthenticated
from ..core.passwords import hash_password, verify_password
from ..core.settings import Settings
from ..core.tokens import AccessTokens, hash_refresh_token, new_refresh_token
from .models import RefreshToken, Session, User
from .repository import AccountRepository
from .schemas import LogIn, Role, SignUp, Tokens


class EmailTaken(Conflict):
    code = "email_taken"


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"


class AccountService:
    def __init__(self, accounts: AccountRepository, settings: Settings) -> None:
        self.accounts = accounts
        self.access_tokens = AccessTokens(settings)
        self.refresh_token_ttl = timedelta(seconds=settings.refresh_token_ttl)

    def sign_up(self, form: SignUp) -> User:
        user = User(
            id=uuid7(),
            email=form.email,
            name=form.name,
            password_hash=hash_password(form.password),
            role=Role.USER,
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
        return self._open_session(user, user_agent)

    def identify(self, access_token: str) -> User:
        """The signed-in user. The session decides, not the token alone: it may have ended since."""
        claims = self.access_tokens.read(access_token)
        user = self.accounts.find_signed_in_user(claims.user_id, claims.session_id)
        if user is None:
            raise Unauthenticated
        return user

    def _open_session(self, user: User, user_agent: str) -> Tokens:
        now = datetime.now(UTC)
        session = Session(id=uuid7(), user_id=user.id, user_agent=user_agent[:200], created_at=now, last_used_at=now)
        refresh_token = new_refresh_token()
        self.accounts.add_session(
            session,
            RefreshToken(
                token_hash=hash_refresh_token(refresh_token),
                session_id=session.id,
                created_at=now,
                expires_at=now + self.refresh_token_ttl,
            ),
        )
        return Tokens(
            access_token=self.access_tokens.issue(user.id, session.id),
            refresh_token=refresh_token,
            token_type="bearer",
            expires_in=self.access_tokens.lifetime,
        )
