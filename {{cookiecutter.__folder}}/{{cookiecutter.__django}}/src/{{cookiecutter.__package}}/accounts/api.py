"""Accounts over HTTP."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from ..core.routing import anyone, problems
from .dependencies import UserRequest, accounts, signed_in
from .models import User
from .schemas import LogIn, SignUp, Tokens, UserRead

router = Router()


@router.post("/auth/signup", response={201: UserRead, **problems(400, 409, 413, 415, 422, 503)}, auth=anyone)
def sign_up(request: HttpRequest, form: SignUp, response: HttpResponse) -> Status[User]:
    user = accounts.sign_up(form)
    response["Location"] = f"/api/v1/users/{user.id}"
    return Status(201, user)


@router.post("/auth/login", response={200: Tokens, **problems(400, 401, 413, 415, 422, 503)}, auth=anyone)
def log_in(request: HttpRequest, form: LogIn) -> Tokens:
    return accounts.log_in(form, request.headers.get("User-Agent", ""))


@router.get("/users/me", response={200: UserRead, **problems(400, 401, 503)}, auth=signed_in)
def read_own_profile(request: UserRequest) -> User:
    return request.auth
