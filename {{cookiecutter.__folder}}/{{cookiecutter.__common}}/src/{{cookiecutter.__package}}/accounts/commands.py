"""Accounts from the command line."""

import os
import secrets
import sys
from getpass import getpass

from pydantic import Secret

from ..core.settings import get_settings
from .credentials import CredentialService
from .schemas import Role, SignUp
from .service import EmailTaken
from .transactions import accounts_in_transaction

PEOPLE = {"admin@example.com": Role.ADMIN, "user@example.com": Role.USER}


def create_admin(email: str) -> None:
    """Raises pydantic's ValidationError, EmailTaken or PasswordTooCommon; LookupError without a password."""
    password = os.environ.get("ADMIN_PASSWORD") or _ask_for_password(email)
    credentials = CredentialService(accounts_in_transaction, get_settings())
    credentials.sign_up(SignUp(email=email, password=Secret(password), name="Admin"), Role.ADMIN)
    print(f"{email}: is an administrator")


def seed() -> None:
    """Accounts to try things with. Those that are there already stay as they are."""
    credentials = CredentialService(accounts_in_transaction, get_settings())
    chosen = os.environ.get("SEED_PASSWORD")
    for email, role in PEOPLE.items():
        password = chosen or secrets.token_urlsafe(12)
        form = SignUp(email=email, password=Secret(password), name=role.title())
        try:
            credentials.sign_up(form, role)
        except EmailTaken:
            print(f"{email}: has an account already")
        else:
            print(f"{email}: {'the password in SEED_PASSWORD' if chosen else password}")


def _ask_for_password(email: str) -> str:
    if not sys.stdin.isatty():
        raise LookupError("There is no terminal to ask for the password: set ADMIN_PASSWORD.")
    return getpass(f"Password for {email}: ")
