"""Accounts over HTTP."""

from fastapi import Response

from ..core.routing import ANYONE, api_router, problems
from .dependencies import Accounts, CurrentUser, UserAgent
from .models import User
from .schemas import LogIn, SignUp, Tokens, UserRead

router = api_router()


@router.post(
    "/auth/signup",
    status_code=201,
    response_model=UserRead,
    responses=problems(400, 409, 413, 415, 422, 503),
    dependencies=[ANYONE],
)
def sign_up(form: SignUp, accounts: Accounts, response: Response) -> User:
    user = accounts.sign_up(form)
    response.headers["Location"] = f"/api/v1/users/{user.id}"
    return user


@router.post("/auth/login", responses=problems(400, 401, 413, 415, 422, 503), dependencies=[ANYONE])
def log_in(form: LogIn, accounts: Accounts, user_agent: UserAgent) -> Tokens:
    return accounts.log_in(form, user_agent)


@router.get("/users/me", response_model=UserRead, responses=problems(400, 401, 503))
def read_own_profile(user: CurrentUser) -> User:
    return user
