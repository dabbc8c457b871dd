"""Accounts over HTTP."""

from uuid import UUID

from flask import Blueprint, request

from ..core.pagination import PageQuery, Rows
from ..core.routing import ANYONE, operation
from ..core.schemas import Page
from .dependencies import ADMIN, SIGNED_IN, account_service, credentials
from .models import User
from .schemas import LogIn, PasswordChange, ProfileChange, Refresh, SessionRead, SignUp, Tokens, UserChange, UserRead
from .service import Identity

routes = Blueprint("accounts", __name__)


@routes.post("/auth/signup")
@operation(ANYONE, returns=UserRead, status=201, problems=(409,))
def sign_up(form: SignUp) -> tuple[User, dict[str, str]]:
    user = credentials.sign_up(form)
    return user, {"Location": f"/api/v1/users/{user.id}"}


@routes.post("/auth/login")
@operation(ANYONE, returns=Tokens, problems=(401,))
def log_in(form: LogIn) -> Tokens:
    return credentials.log_in(form, request.remote_addr or "", request.headers.get("User-Agent", ""))


@routes.post("/auth/refresh")
@operation(ANYONE, returns=Tokens, problems=(401,))
def refresh(form: Refresh) -> Tokens:
    return account_service().refresh(form)


@routes.post("/auth/logout")
@operation(SIGNED_IN, returns=None, status=204)
def log_out(me: Identity) -> None:
    account_service().log_out(me)


@routes.get("/auth/sessions")
@operation(SIGNED_IN, returns=Page[SessionRead])
def list_sessions(me: Identity, query: PageQuery) -> Rows[SessionRead]:
    return account_service().list_sessions(me, query)


@routes.delete("/auth/sessions/<id:session_id>")
@operation(SIGNED_IN, returns=None, status=204, problems=(404,))
def end_session(session_id: UUID, me: Identity) -> None:
    account_service().end_session(me, session_id)


@routes.post("/auth/password")
@operation(SIGNED_IN, returns=None, status=204)
def change_password(form: PasswordChange, me: Identity) -> None:
    credentials.change_password(me, form)


@routes.get("/users/me")
@operation(SIGNED_IN, returns=UserRead)
def read_own_profile(me: Identity) -> User:
    return me.user


@routes.patch("/users/me")
@operation(SIGNED_IN, returns=UserRead)
def change_own_profile(form: ProfileChange, me: Identity) -> User:
    return account_service().change_profile(me, form)


@routes.get("/users")
@operation(ADMIN, returns=Page[UserRead], problems=(403,))
def list_users(query: PageQuery) -> Rows[User]:
    return account_service().list_users(query)


@routes.get("/users/<id:user_id>")
@operation(SIGNED_IN, returns=UserRead, problems=(404,))
def read_user(user_id: UUID, me: Identity) -> User:
    return account_service().read_user(me, user_id)


@routes.patch("/users/<id:user_id>")
@operation(ADMIN, returns=UserRead, problems=(403, 404, 409))
def change_user(user_id: UUID, me: Identity, form: UserChange) -> User:
    return account_service().change_user(me, user_id, form)
