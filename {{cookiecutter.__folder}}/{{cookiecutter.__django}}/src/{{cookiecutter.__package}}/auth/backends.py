"""Signing in to Django's own pages, such as its admin, with the passwords of this service."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from pydantic import Secret, ValidationError

from ..users.models import User
from .credentials import InvalidCredentials
from .dependencies import credentials
from .schemas import LogIn


class PasswordBackend:
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_other: Any
    ) -> User | None:
        client_ip = request.META.get("REMOTE_ADDR", "") if request else ""
        try:
            body = LogIn(email=username or "", password=Secret(password or ""))
            return credentials.verify(body, client_ip)
        except (ValidationError, InvalidCredentials):
            return None

    def get_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(id=user_id, is_active=True).first()
