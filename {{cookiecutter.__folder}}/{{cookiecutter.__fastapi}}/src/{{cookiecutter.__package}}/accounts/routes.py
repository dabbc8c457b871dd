"""Accounts over HTTP."""

from uuid import UUID

from fastapi import Response

from ..core.pagination import Rows
from ..core.routing import ANYONE, PageParameters, api_router, problems
from ..core.schemas import Page
from .dependencies import Accounts, Admin, ClientAddress, Credentials, Me, UserAgent
from .models import User
from .schemas import LogIn, PasswordChange, ProfileChange, Refresh, SessionRead, SignUp, Tokens, UserChange, UserRead

router = api_router()


@router.post("/auth/signup", status_code=201, response_model=UserRead, responses=problems(409), dependencies=[ANYONE])
def sign_up(form: SignUp, credentials: Credentials, response: Response) -> User:
    user = credentials.sign_up(form)
    response.headers["Location"] = f"/api/v1/users/{user.id}"
    return user


@router.post("/auth/login", responses=problems(401), dependencies=[ANYONE])
def log_in(form: LogIn, credentials: Credentials, address: ClientAddress, user_agent: UserAgent) -> Tokens:
    return credentials.log_in(form, address, user_agent)


@router.post("/auth/refresh", responses=problems(401), dependencies=[ANYONE])
def refresh(form: Refresh, accounts: Accounts) -> Tokens:
    return accounts.refresh(form)


@router.post("/auth/logout", status_code=204)
def log_out(me: Me, accounts: Accounts) -> None:
    accounts.log_out(me)


@router.get("/auth/sessions", response_model=Page[SessionRead])
def list_sessions(me: Me, query: PageParameters, accounts: Accounts) -> Rows[SessionRead]:
    return accounts.list_sessions(me, query)


@router.delete("/auth/sessions/{session_id:id}", status_code=204, responses=problems(404))
def end_session(session_id: UUID, me: Me, accounts: Accounts) -> None:
    accounts.end_session(me, session_id)


@router.post("/auth/password", status_code=204)
def change_password(form: PasswordChange, me: Me, credentials: Credentials) -> None:
    credentials.change_password(me, form)


@router.get("/users/me", response_model=UserRead)
def read_own_profile(me: Me) -> User:
    return me.user


@router.patch("/users/me", response_model=UserRead)
def change_own_profile(form: ProfileChange, me: Me, accounts: Accounts) -> User:
    return accounts.change_profile(me, form)


@router.get("/users", response_model=Page[UserRead], responses=problems(403))
def list_users(query: PageParameters, _admin: Admin, accounts: Accounts) -> Rows[User]:
    return accounts.list_users(query)


@router.get("/users/{user_id:id}", response_model=UserRead, responses=problems(404))
def read_user(user_id: UUID, me: Me, accounts: Accounts) -> User:
    return accounts.read_user(me, user_id)


@router.patch("/users/{user_id:id}", response_model=UserRead, responses=problems(403, 404, 409))
def change_user(user_id: UUID, form: UserChange, me: Admin, accounts: Accounts) -> User:
    return accounts.change_user(me, user_id, form)
