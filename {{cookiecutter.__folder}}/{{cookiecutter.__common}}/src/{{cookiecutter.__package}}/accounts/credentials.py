"""What takes a password: signing up, signing in, changing it.

A password is hashed slowly on purpose. No transaction is open meanwhile, or others would wait for its locks: each
of these checks first and writes in a transaction of its own, which refuses what has changed in between.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

from ..core.addresses import network_of
from ..core.passwords import hash_password, is_common, upgraded_hash, verify_password
from ..core.rate_limits import redis_counter
from ..core.settings import Settings
from .models import User
from .schemas import LogIn, PasswordChange, Role, SignUp, Tokens
from .service import AccountService, Identity, InvalidCredentials, NewPasswordTooCommon, PasswordTooCommon

log = structlog.get_logger()


class CredentialService:
    """`accounts_in_transaction` opens a transaction, and gives the service of accounts in it."""

    def __init__(
        self, accounts_in_transaction: Callable[[], AbstractContextManager[AccountService]], settings: Settings
    ) -> None:
        self.accounts_in_transaction = accounts_in_transaction
        self.redis_attempts = redis_counter("login", settings.login_rate_limit, settings.redis_url)

    def sign_up(self, form: SignUp, role: Role = Role.USER) -> User:
        if is_common(form.password):
            raise PasswordTooCommon("The password is among the ten thousand commonest.")
        password_hash = hash_password(form.password)
        with self.accounts_in_transaction() as accounts:
            return accounts.open_account(form, password_hash, role)

    def log_in(self, form: LogIn, address: str, user_agent: str) -> Tokens:
        user = self._begin_login(form, address)
        right = verify_password(form.password, user.password_hash if user else None)
        if user is None or not right:
            log.warning("sign_in_failed", user_id=user and user.id, address=address)
            raise InvalidCredentials("The address or the password is wrong.")
        better_hash = upgraded_hash(form.password, user.password_hash)
        with self.accounts_in_transaction() as accounts:
            return accounts.open_session(user, user_agent, better_hash)

    def change_password(self, me: Identity, form: PasswordChange) -> None:
        if not verify_password(form.current_password, me.user.password_hash):
            log.warning("password_change_failed", user_id=me.user.id)
            raise InvalidCredentials("The password is wrong.")
        if is_common(form.new_password):
            raise NewPasswordTooCommon("The password is among the ten thousand commonest.")
        new_hash = hash_password(form.new_password)
        with self.accounts_in_transaction() as accounts:
            accounts.replace_password(me, new_hash)

    def _begin_login(self, form: LogIn, address: str) -> User | None:
        """Committed before the password is looked at: whatever comes of it, the attempt counts."""
        counted = self.redis_attempts and self.redis_attempts.count(network_of(address))
        with self.accounts_in_transaction() as accounts:
            user = accounts.find_active_user(form.email)
            if not counted:
                accounts.count_login_attempt(network_of(address))  # Last: it makes others wait.
            return user
