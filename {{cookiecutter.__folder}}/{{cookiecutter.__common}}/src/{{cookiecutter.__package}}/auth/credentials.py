"""The operations that take a password: signing up, signing in, changing the password, deleting the account.

A password is hashed slowly on purpose. No transaction is open meanwhile, because other requests would wait for its
locks. Each method checks the password first and then writes in its own transaction, which refuses if the user has
changed since.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import structlog
from pydantic import Secret

from ..core.errors import Invalid, Unauthenticated
from ..core.settings import Settings
from ..pipeline.rate_limits import network_of, redis_counter
from ..users.models import User
from ..users.schemas import Role
from ..users.service import UserService
from .email_links import EmailLinkService, Purpose
from .login_limit import AttemptLimit
from .passwords import hash_password, is_common, upgraded_hash, verify_password
from .schemas import AccountDeletion, EmailChange, LogIn, PasswordChange, PasswordReset, SignUp, Tokens
from .service import CurrentUser, LoginSessionService

log = structlog.get_logger()

CHANGED_MEANWHILE = "The account has changed meanwhile; please try again."


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"


class PasswordTooCommon(Invalid):
    code = "password_too_common"
    field = "password"


class NewPasswordTooCommon(PasswordTooCommon):
    field = "new_password"


@dataclass(frozen=True)
class Accounts:
    """The services that work in one transaction. `revoke_all_access` leaves the password as the only way in."""

    users: UserService
    sessions: LoginSessionService
    login_limit: AttemptLimit
    email_links: EmailLinkService
    revoke_all_access: Callable[[UUID], None]


class CredentialService:
    """`in_transaction` opens a transaction and returns the services that work in it."""

    def __init__(self, in_transaction: Callable[[], AbstractContextManager[Accounts]], settings: Settings) -> None:
        self.in_transaction = in_transaction
        self.redis_attempts = redis_counter("login", settings.login_rate_limit, settings.redis_url)

    def sign_up(self, body: SignUp) -> User:
        _refuse_common(body.password, PasswordTooCommon)
        password_hash = hash_password(body.password)
        with self.in_transaction() as accounts:
            user = accounts.users.create_user(body.email, body.name, password_hash, Role.USER)
            accounts.email_links.begin_verification(user)
            return user

    def create_account(self, body: SignUp, role: Role) -> User:
        """For an operator, who knows whose address it is."""
        _refuse_common(body.password, PasswordTooCommon)
        password_hash = hash_password(body.password)
        with self.in_transaction() as accounts:
            return accounts.users.create_user(body.email, body.name, password_hash, role, email_verified=True)

    def log_in(self, body: LogIn, client_ip: str, user_agent: str) -> Tokens:
        user = self.verify(body, client_ip)
        better_hash = upgraded_hash(body.password, user.password_hash)
        with self.in_transaction() as accounts:
            user = _lock_unchanged(accounts, user)
            if better_hash:
                accounts.users.replace_password(user, better_hash)
            return accounts.sessions.open_session(user, user_agent)

    def verify(self, body: LogIn, client_ip: str) -> User:
        """The active user with this email address and password. Raises InvalidCredentials, RateLimited."""
        network = network_of(client_ip)
        counted = self._count_in_redis(network)
        with self.in_transaction() as accounts:  # Committed at once: an attempt counts, whatever its result is.
            user = accounts.users.find_active_user(body.email)
            if not counted:
                accounts.login_limit.count(network)  # Last, because other requests wait for its lock.
        if not verify_password(body.password, user.password_hash if user else None) or user is None:
            log.warning("sign_in_failed", user_id=user and user.id, client_ip=client_ip)
            raise InvalidCredentials("The email address or the password is wrong.")
        return user

    def change_password(self, current_user: CurrentUser, body: PasswordChange) -> None:
        _refuse_common(body.new_password, NewPasswordTooCommon)
        self._check_password(current_user, body.current_password)
        new_hash = hash_password(body.new_password)
        with self.in_transaction() as accounts:
            user = _lock_current(accounts, current_user)
            accounts.users.replace_password(user, new_hash)
            accounts.sessions.end_other_sessions(current_user)
            accounts.email_links.end_links(user)
            accounts.email_links.tell_password_changed(user)
        log.info("password_changed", user_id=current_user.id, session_id=current_user.session_id)

    def reset_password(self, body: PasswordReset) -> None:
        _refuse_common(body.new_password, NewPasswordTooCommon)
        token = body.token.get_secret_value()
        with self.in_transaction() as accounts:
            accounts.email_links.find(token, Purpose.PASSWORD_RESET)  # Otherwise anybody could make the service hash.
        new_hash = hash_password(body.new_password)
        with self.in_transaction() as accounts:
            user, email = accounts.email_links.redeem(token, Purpose.PASSWORD_RESET)
            accounts.users.replace_password(user, new_hash)
            accounts.users.confirm_email(user, email)
            accounts.revoke_all_access(user.id)
            accounts.email_links.tell_password_changed(user)
        log.info("password_reset", user_id=user.id)

    def change_email(self, current_user: CurrentUser, body: EmailChange, client_ip: str) -> None:
        """The new address holds when it is verified."""
        self._check_password(current_user, body.current_password)
        with self.in_transaction() as accounts:
            accounts.email_links.count_email_change(current_user.user, body.email, client_ip)
            accounts.email_links.begin_email_change(_lock_current(accounts, current_user), body.email)

    def delete_account(self, current_user: CurrentUser, body: AccountDeletion) -> None:
        self._check_password(current_user, body.current_password)
        with self.in_transaction() as accounts:
            # First, as in `UserService.change_user`: two administrators would wait for each other's lock.
            accounts.users.lock_active_admins()
            accounts.users.delete_user(_lock_current(accounts, current_user))
            accounts.login_limit.forget(_attempts_of(current_user))

    def _check_password(self, current_user: CurrentUser, password: Secret[str]) -> None:
        """Counts the attempt, so that a stolen access token does not help to guess the password."""
        key = _attempts_of(current_user)
        if not self._count_in_redis(key):
            with self.in_transaction() as accounts:
                accounts.login_limit.count(key)
        if not verify_password(password, current_user.user.password_hash):
            log.warning("password_check_failed", user_id=current_user.id)
            raise InvalidCredentials("The password is wrong.")

    def _count_in_redis(self, key: str) -> bool:
        """False if there is no Redis or it does not answer. Raises RateLimited."""
        return self.redis_attempts is not None and self.redis_attempts.count(key) is not None


def _refuse_common(password: Secret[str], refusal: type[PasswordTooCommon]) -> None:
    if is_common(password):
        raise refusal("The password is one of the ten thousand most common ones.")


def _attempts_of(current_user: CurrentUser) -> str:
    """The key under which the user's attempts are counted."""
    return f"user:{current_user.id}"


def _lock_unchanged(accounts: Accounts, checked: User) -> User:
    """Another request may have deactivated the user or changed the password while this password was checked."""
    user = accounts.users.lock_user(checked.id)
    if user is None or not user.is_active or user.password_hash != checked.password_hash:
        raise InvalidCredentials(CHANGED_MEANWHILE)
    return user


def _lock_current(accounts: Accounts, current_user: CurrentUser) -> User:
    """Like `_lock_unchanged`, for a user who may also have been signed out meanwhile."""
    user = accounts.users.lock_current_user(current_user.id)
    if not accounts.sessions.is_signed_in(current_user):  # After the lock: sees the latest commit.
        raise Unauthenticated
    if user.password_hash != current_user.user.password_hash:
        raise InvalidCredentials(CHANGED_MEANWHILE)
    return user
