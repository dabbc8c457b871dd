"""The main operations as Django Ninja's tutorial writes them: no limits, no log, no middleware, no layers."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import django
import jwt
from django.conf import settings

KEY, NAME = os.environ["SECRET_KEY"], os.environ["NAME"]
scheme, _, location = os.environ["DATABASE_URL"].partition("://")
database: dict[str, object] = {"ENGINE": "django.db.backends.sqlite3", "NAME": location[1:]}
database |= {"OPTIONS": {"transaction_mode": "IMMEDIATE"}}  # Otherwise two that refresh at once would fail.
if scheme == "postgresql":
    from psycopg.conninfo import conninfo_to_dict

    info = conninfo_to_dict(os.environ["DATABASE_URL"])
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": info["dbname"], "USER": info["user"]}
    database |= {"HOST": info["host"], "PORT": info.get("port", "")}
settings.configure(
    SECRET_KEY=KEY,
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DATABASES={"default": database | {"CONN_MAX_AGE": None}},
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402
from ninja.errors import HttpError  # noqa: E402
from ninja.security import HttpBearer  # noqa: E402
from pydantic import Field  # noqa: E402


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    email = models.CharField(max_length=254)
    email_verified = models.BooleanField()
    name = models.CharField(max_length=100)
    password_hash = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        app_label, db_table = "plain", "users"


class Login(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    last_used_at = models.DateTimeField()

    class Meta:
        app_label, db_table = "plain", "sessions"


class RefreshToken(models.Model):
    token_hash = models.CharField(max_length=64, primary_key=True)
    session = models.ForeignKey(Login, models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label, db_table = "plain", "refresh_tokens"


class UserRead(Schema):
    id: UUID
    email: str
    email_verified: bool
    name: str
    role: str
    is_active: bool
    created_at: datetime


class UserPage(Schema):
    items: list[UserRead]
    next_cursor: UUID | None


class UserUpdate(Schema):
    name: str = Field(min_length=1, max_length=100)


class Refresh(Schema):
    refresh_token: str


class Bearer(HttpBearer):
    def authenticate(self, request: Any, token: str) -> User | None:
        try:
            claims = jwt.decode(token, KEY, ["HS256"], audience=NAME, issuer=NAME)
        except jwt.InvalidTokenError:
            return None
        login = Login.objects.select_related("user").filter(id=claims["sid"], user__is_active=True).first()
        return login and login.user


api = NinjaAPI(auth=Bearer())


@api.get("/healthz", auth=None)
def health(request: Any) -> dict[str, str]:
    return {"status": "ok"}


@api.get("/api/v1/users/me", response=UserRead)
def read_me(request: Any) -> User:
    return request.auth


@api.get("/api/v1/users", response=UserPage)
def list_users(request: Any, limit: int = 20, cursor: UUID | None = None) -> dict[str, object]:
    if request.auth.role != "admin":
        raise HttpError(403, "Only administrators may do this.")
    query = User.objects.order_by("-id")
    users = list((query.filter(id__lt=cursor) if cursor else query)[: limit + 1])
    return {"items": users[:limit], "next_cursor": users[limit - 1].id if len(users) > limit else None}


@api.patch("/api/v1/users/me", response=UserRead)
def update_me(request: Any, body: UserUpdate) -> User:
    request.auth.name = body.name
    request.auth.save()
    return request.auth


@api.post("/api/v1/auth/refresh", auth=None)
@transaction.atomic
def refresh(request: Any, body: Refresh) -> dict[str, str | int]:
    hashed, now = sha256(body.refresh_token.encode()).hexdigest(), datetime.now(UTC)
    found = RefreshToken.objects.select_for_update().filter(token_hash=hashed).first()
    if found is None or found.used_at or found.expires_at < now:
        raise HttpError(401, "The refresh token is not valid.")
    login, new = found.session, token_urlsafe(32)
    found.used_at = login.last_used_at = now
    found.save()
    login.save()
    hashed, end = sha256(new.encode()).hexdigest(), now + timedelta(days=30)
    RefreshToken.objects.create(token_hash=hashed, session=login, created_at=now, expires_at=end)
    claims = {"iss": NAME, "aud": NAME, "sub": str(login.user_id), "sid": str(login.id), "iat": now}
    token = jwt.encode(claims | {"exp": now + timedelta(minutes=15)}, KEY, "HS256")
    return {"access_token": token, "refresh_token": new, "token_type": "bearer", "expires_in": 900}


urlpatterns = [path("", api.urls)]
app = WSGIHandler()
