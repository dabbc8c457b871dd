"""Commands for accounts."""

import os
import sys
from getpass import getpass

from pydantic import Secret

from ..users.schemas import Role
from .dependencies import credentials
from .schemas import SignUp
from .transactions import accounts_in_transaction


def create_admin(email: str) -> None:
    """Raises pydantic's ValidationError, EmailTaken or PasswordTooCommon; LookupError without a password."""
    password = os.environ.get("ADMIN_PASSWORD") or _ask_for_password(email)
    credentials.create_account(SignUp(email=email, password=Secret(password), name="Admin"), Role.ADMIN)
    print(f"{email}: is an administrator")


def token(email: str) -> None:
    """Opens a session without a password and prints its access token. Raises LookupError for an unknown user."""
    with accounts_in_transaction() as accounts:
        user = accounts.users.find_active_user(email)
        if user is None:
            raise LookupError(f"{email}: has no active account")
        print(accounts.sessions.open_session(user, user_agent="command line").access_token)


def _ask_for_password(email: str) -> str:
    if not sys.stdin.isatty():
        raise LookupError("There is no terminal to ask for the password: set ADMIN_PASSWORD.")
    return getpass(f"Password for {email}: ")
