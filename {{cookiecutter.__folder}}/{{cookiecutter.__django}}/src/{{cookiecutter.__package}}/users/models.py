"""Tables of users."""

from typing import ClassVar

from django.core.management import CommandError
from django.db import models
from django.utils.crypto import salted_hmac

from ..core.settings import SERVICE


class UserManager(models.Manager["User"]):
    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email)

    def create_superuser(self, **_fields: object) -> None:
        """For `manage.py createsuperuser`, because `create-admin` also checks and hashes the password."""
        raise CommandError(f"Create an administrator with: uv run {SERVICE} create-admin EMAIL")


class User(models.Model):
    """Also the `AUTH_USER_MODEL`: the attributes that Django's own pages and third-party apps need are at the end.

    Not an AbstractBaseUser, because importing that looks for the database.
    """

    id = models.UUIDField(primary_key=True)
    email = models.CharField(max_length=254, unique=True)
    email_verified = models.BooleanField()
    name = models.CharField(max_length=100)
    password_hash = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField()
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("name",)
    is_authenticated = True
    is_anonymous = False

    class Meta:
        db_table = "users"

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        return self.role == "admin"

    def has_perm(self, _permission: str, _obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        return self.is_active and self.is_staff

    def get_username(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """A changed password ends the sessions of Django's own pages."""
        return salted_hmac("users.User.password_hash", self.password_hash, algorithm="sha256").hexdigest()
