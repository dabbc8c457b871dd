"""What the link in a mail can do: confirm an email address, or let its owner choose a new password.

Knows no HTTP and no SQL, and never commits. A job makes the token and sends it, so that no table keeps it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from ..core.errors import BadRequest, Conflict
from ..pipeline.rate_limits import RedisCounter, network_of
from ..users.models import User
from ..users.service import UserService
from .login_limit import AttemptLimit
from .models import EmailToken
from .repository import AuthRepository
from .tokens import hash_token, new_token


class Purpose(StrEnum):
    VERIFICATION = "verification"
    EMAIL_CHANGE = "email_change"
    PASSWORD_RESET = "password_reset"


LIFETIMES = {
    Purpose.VERIFICATION: timedelta(hours=24),
    Purpose.EMAIL_CHANGE: timedelta(hours=24),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
}


class AlreadyVerified(Conflict):
    code = "already_verified"


class InvalidToken(BadRequest):
    code = "invalid_token"


class MailLimit:
    """`MAIL_RATE_LIMIT`, per IP address and per mailbox."""

    def __init__(self, attempts: AttemptLimit, redis: RedisCounter | None) -> None:
        self.attempts = attempts
        self.redis = redis

    def count(self, client_ip: str, email: str) -> None:
        """Raises RateLimited. An address counts the same with and without an account."""
        for key in (f"mail:{network_of(client_ip)}", f"mailbox:{sha256(email.encode()).hexdigest()[:48]}"):
            if self.redis is None or self.redis.count(key) is None:
                self.attempts.count(key)


class EmailLinkService:
    """`enqueue` lets a worker run a job of auth/jobs.py, after the commit."""

    def __init__(
        self, auth: AuthRepository, users: UserService, limit: MailLimit, enqueue: Callable[..., None]
    ) -> None:
        self.auth = auth
        self.users = users
        self.limit = limit
        self.enqueue = enqueue

    def request_verification(self, user: User, client_ip: str) -> None:
        if user.email_verified:
            raise AlreadyVerified("The email address is verified already.")
        self.limit.count(client_ip, user.email)
        self.send_verification(user)

    def send_verification(self, user: User) -> None:
        self.enqueue("auth.mail_verification", user_id=user.id)

    def request_email_change(self, user: User, email: str, client_ip: str) -> None:
        self.limit.count(client_ip, email)
        self.enqueue("auth.mail_email_change", user_id=user.id, email=email)
        self.enqueue("auth.mail_email_change_notice", old_email=user.email, email=email)

    def request_password_reset(self, email: str, client_ip: str) -> None:
        """Does the same for every address: whether it has an account is found out by the worker."""
        self.limit.count(client_ip, email)
        self.enqueue("auth.mail_password_reset", email=email)

    def tell_password_changed(self, user: User) -> None:
        self.enqueue("auth.mail_password_changed", email=user.email)

    def issue(self, user_id: UUID, purpose: Purpose, email: str | None = None) -> tuple[str, str] | None:
        """An email address, of the user if none is given, and the token for a mail to it. None if nobody needs it any
        more. The tokens that the user had for this purpose are not valid any more.
        """
        user = self.users.lock_user(user_id)
        if user is None or not user.is_active or (purpose == Purpose.VERIFICATION and user.email_verified):
            return None
        token, address = new_token(), email or user.email
        self.auth.replace_email_token(
            EmailToken(
                token_hash=hash_token(token),
                user_id=user.id,
                purpose=purpose,
                email=address,
                expires_at=datetime.now(UTC) + LIFETIMES[purpose],
            )
        )
        return address, token

    def verify(self, token: str) -> None:
        user, email = self.redeem(token, Purpose.VERIFICATION, Purpose.EMAIL_CHANGE)
        if email != user.email:
            self.auth.remove_email_tokens(user.id)  # Those that were sent to the old address.
        self.users.confirm_email(user, email)

    def find(self, token: str, *purposes: Purpose) -> EmailToken:
        """Raises InvalidToken."""
        found = self.auth.find_email_token(hash_token(token))
        if found is None or found.purpose not in purposes or found.expires_at <= datetime.now(UTC):
            raise InvalidToken("The token is not valid; please ask for another mail.")
        return found

    def redeem(self, token: str, *purposes: Purpose) -> tuple[User, str]:
        """Uses the token up. Locks its user until the end of the transaction, and returns the user and the email
        address that the token was sent to. Raises InvalidToken.
        """
        found = self.find(token, *purposes)
        user = self.users.lock_user(found.user_id)
        is_free = self.auth.remove_email_token(found.token_hash)  # After the lock: only one of many requests sees it.
        has_moved = user and found.purpose != Purpose.EMAIL_CHANGE and found.email != user.email
        if user is None or not user.is_active or not is_free or has_moved:
            raise InvalidToken("The token is not valid; please ask for another mail.")
        return user, found.email
