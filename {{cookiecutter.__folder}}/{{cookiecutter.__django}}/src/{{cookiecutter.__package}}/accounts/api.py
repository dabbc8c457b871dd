"""Accounts over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Status

from ..core.pagination import PageQuery, Rows
from ..core.routing import ApiRouter, anyone, own_transactions, problems
from ..core.schemas import Page
from .dependencies import SignedInRequest, accounts, admin, credentials, signed_in
from .models import User
from .schemas import LogIn, PasswordChange, ProfileChange, Refresh, SessionRead, SignUp, Tokens, UserChange, UserRead

router = ApiRouter()


@router.post("/auth/signup", response={201: UserRead, **problems(409)}, auth=anyone)
@own_transactions
def sign_up(request: HttpRequest, form: SignUp, response: HttpResponse) -> Status[User]:
    user = credentials.sign_up(form)
    response["Location"] = f"/api/v1/users/{user.id}"
    return Status(201, user)


@router.post("/auth/login", response={200: Tokens, **problems(401)}, auth=anyone)
@own_transactions
def log_in(request: HttpRequest, form: LogIn) -> Tokens:
    return credentials.log_in(form, request.META["REMOTE_ADDR"], request.headers.get("User-Agent", ""))


@router.post("/auth/refresh", response={200: Tokens, **problems(401)}, auth=anyone)
def refresh(request: HttpRequest, form: Refresh) -> Tokens:
    return accounts.refresh(form)


@router.post("/auth/logout", response={204: None}, auth=signed_in)
def log_out(request: SignedInRequest) -> Status[None]:
    accounts.log_out(request.auth)
    return Status(204, None)


@router.get("/auth/sessions", response=Page[SessionRead], auth=signed_in)
def list_sessions(request: SignedInRequest, query: Query[PageQuery]) -> Rows[SessionRead]:
    return accounts.list_sessions(request.auth, query)


@router.delete("/auth/sessions/{id:session_id}", response={204: None, **problems(404)}, auth=signed_in)
def end_session(request: SignedInRequest, session_id: UUID) -> Status[None]:
    accounts.end_session(request.auth, session_id)
    return Status(204, None)


@router.post("/auth/password", response={204: None}, auth=signed_in)
@own_transactions
def change_password(request: SignedInRequest, form: PasswordChange) -> Status[None]:
    credentials.change_password(request.auth, form)
    return Status(204, None)


@router.get("/users/me", response=UserRead, auth=signed_in)
def read_own_profile(request: SignedInRequest) -> User:
    return request.auth.user


@router.patch("/users/me", response=UserRead, auth=signed_in)
def change_own_profile(request: SignedInRequest, form: ProfileChange) -> User:
    return accounts.change_profile(request.auth, form)


@router.get("/users", response={200: Page[UserRead], **problems(403)}, auth=admin)
def list_users(request: HttpRequest, query: Query[PageQuery]) -> Rows[User]:
    return accounts.list_users(query)


@router.get("/users/{id:user_id}", response={200: UserRead, **problems(404)}, auth=signed_in)
def read_user(request: SignedInRequest, user_id: UUID) -> User:
    return accounts.read_user(request.auth, user_id)


@router.patch("/users/{id:user_id}", response={200: UserRead, **problems(403, 404, 409)}, auth=admin)
def change_user(request: SignedInRequest, user_id: UUID, form: UserChange) -> User:
    return accounts.change_user(request.auth, user_id, form)
