"""Accounts over HTTP."""

from flask import Blueprint, request

from ..core.routing import ANYONE, operation
from .dependencies import SIGNED_IN, account_service
from .models import User
from .schemas import LogIn, SignUp, Tokens, UserRead

routes = Blueprint("accounts", __name__)


@routes.post("/auth/signup")
@operation(ANYONE, returns=UserRead, status=201, problems=(400, 409, 413, 415, 422, 503))
def sign_up(form: SignUp) -> tuple[User, dict[str, str]]:
    user = account_service().sign_up(form)
    return user, {"Location": f"/api/v1/users/{user.id}"}


@routes.post("/auth/login")
@operation(ANYONE, returns=Tokens, problems=(400, 401, 413, 415, 422, 503))
def log_in(form: LogIn) -> Tokens:
    return account_service().log_in(form, request.headers.get("User-Agent", ""))


@routes.get("/users/me")
@operation(SIGNED_IN, returns=UserRead, problems=(400, 401, 503))
def read_own_profile(user: User) -> User:
    return user
