"""What the link in a mail can do: confirm an email address, or let its owner choose a new password.

Knows no HTTP and no SQL, and never commits. A request writes down what it wants. The worker makes the token and sends
it, so that no table keeps it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.errors import BadRequest, Conflict, RateLimited
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
    """`MAIL_RATE_LIMIT`."""

    def __init__(self, attempts: AttemptLimit, redis: RedisCounter | None) -> None:
        self.attempts = attempts
        self.redis = redis

    def count(self, *keys: str) -> None:
        """Raises RateLimited."""
        for key in keys:
            if self.redis is None or self.redis.count(key) is None:
                self.attempts.count(key)


def _client(client_ip: str) -> str:
    return f"mail:{network_of(client_ip)}"


def _mailbox(who: str, email: str) -> str:
    """Strangers, who only know an address, count apart from its owner. With an account or without, it is the same."""
    return f"{who}:{sha256(email.encode()).hexdigest()[:48]}"


@dataclass(frozen=True)
class IssuedToken:
    purpose: Purpose
    email: str
    token: str


class EmailLinkService:
    """`enqueue` lets a worker run a job of auth/jobs.py, after the commit."""

    def __init__(
        self, auth: AuthRepository, users: UserService, limit: MailLimit, enqueue: Callable[..., None]
    ) -> None:
        self.auth = auth
        self.users = users
        self.limit = limit
        self.enqueue = enqueue

    def begin_verification(self, user: User) -> None:
        """After the sign-up, which succeeds without a mail, too."""
        with suppress(RateLimited):
            self.limit.count(_mailbox("signup", user.email))
            self.want(user, Purpose.VERIFICATION, user.email)

    def request_verification(self, current: User, client_ip: str) -> None:
        if current.email_verified:
            raise AlreadyVerified("The email address is verified already.")
        # Before the user is locked, as in a change of the address: in another order, the two could deadlock.
        self.limit.count(_client(client_ip), _mailbox("owner", current.email))
        user = self.users.lock_current_user(current.id)
        self.want(user, Purpose.VERIFICATION, user.email)

    def count_email_change(self, user: User, email: str, client_ip: str) -> None:
        """Both addresses get a mail. Raises RateLimited."""
        self.limit.count(_client(client_ip), _mailbox("owner", user.email), _mailbox("owner", email))

    def begin_email_change(self, user: User, email: str) -> None:
        self.want(user, Purpose.EMAIL_CHANGE, email)
        self.enqueue("auth.mail_email_change_notice", old_email=user.email, email=email)

    def request_password_reset(self, email: str, client_ip: str) -> None:
        """Does the same for every address: whether it has an account is found out by the worker."""
        self.limit.count(_client(client_ip), _mailbox("stranger", email))
        self.enqueue("auth.mail_password_reset", email=email, requested_at=datetime.now(UTC))

    def begin_password_reset(self, email: str, requested_at: datetime) -> None:
        """For the worker, which may come late."""
        found = self.users.find_active_user(email)
        user = self.users.lock_user(found.id) if found else None
        if user and datetime.now(UTC) - requested_at < LIFETIMES[Purpose.PASSWORD_RESET]:
            self.want(user, Purpose.PASSWORD_RESET, user.email)

    def end_links(self, user: User) -> None:
        """Somebody else may have asked for them, with the password that was."""
        self.auth.remove_email_tokens(user.id)

    def tell_password_changed(self, user: User) -> None:
        self.enqueue("auth.mail_password_changed", email=user.email)

    def issue(self, email_token_id: UUID) -> IssuedToken | None:
        """The token for a mail. None if it is not wanted any more: another one was, or it was used."""
        wanted = self.auth.find_email_token(email_token_id)
        user = self.users.lock_user(wanted.user_id) if wanted else None
        wanted = self.auth.find_email_token(email_token_id)  # After the lock: as it is now.
        if wanted is None or user is None or not user.is_active or wanted.expires_at <= datetime.now(UTC):
            return None
        token = new_token()
        wanted.token_hash = hash_token(token)
        wanted.expires_at = datetime.now(UTC) + LIFETIMES[Purpose(wanted.purpose)]
        self.auth.save_email_token(wanted)
        return IssuedToken(Purpose(wanted.purpose), wanted.email, token)

    def verify(self, token: str) -> None:
        user, email = self.redeem(token, Purpose.VERIFICATION, Purpose.EMAIL_CHANGE)
        if email != user.email:
            self.auth.remove_email_tokens(user.id)  # Those that were sent to the old address.
        self.users.confirm_email(user, email)

    def find(self, token: str, *purposes: Purpose) -> EmailToken:
        """Raises InvalidToken."""
        found = self.auth.find_email_token_by_hash(hash_token(token))
        if found is None or found.purpose not in purposes or found.expires_at <= datetime.now(UTC):
            raise InvalidToken("The token is not valid; please ask for another mail.")
        return found

    def redeem(self, token: str, *purposes: Purpose) -> tuple[User, str]:
        """Uses the token up. Locks its user until the end of the transaction, and returns the user and the email
        address that the token was sent to. Raises InvalidToken.
        """
        found = self.find(token, *purposes)
        user = self.users.lock_user(found.user_id)
        is_free = self.auth.remove_email_token(hash_token(token))  # After the lock: only one of many requests sees it.
        has_moved = user and found.purpose != Purpose.EMAIL_CHANGE and found.email != user.email
        if user is None or not user.is_active or not is_free or has_moved:
            raise InvalidToken("The token is not valid; please ask for another mail.")
        return user, found.email

    def want(self, user: User, purpose: Purpose, email: str) -> EmailToken:
        """For a user that is locked. Replaces what was wanted before: older links are not valid any more."""
        wanted = EmailToken(
            id=uuid7(),
            user_id=user.id,
            purpose=purpose,
            email=email,
            expires_at=datetime.now(UTC) + LIFETIMES[purpose],
        )
        self.auth.replace_email_token(wanted)
        self.enqueue("auth.mail_link", email_token_id=wanted.id)
        return wanted
