"""Accounts for development."""

import os
import secrets

from pydantic import Secret

from ..users.schemas import Role
from ..users.service import EmailTaken
from .dependencies import credentials
from .schemas import SignUp

USERS = {"admin@example.com": Role.ADMIN, "user@example.com": Role.USER}


def seed() -> None:
    """Existing accounts stay as they are."""
    chosen = os.environ.get("SEED_PASSWORD")
    for email, role in USERS.items():
        password = chosen or secrets.token_urlsafe(12)
        try:
            credentials.create_account(SignUp(email=email, password=Secret(password), name=role.title()), role)
        except EmailTaken:
            print(f"{email}: has an account already")
        else:
            print(f"{email}: {'the password in SEED_PASSWORD' if chosen else password}")
