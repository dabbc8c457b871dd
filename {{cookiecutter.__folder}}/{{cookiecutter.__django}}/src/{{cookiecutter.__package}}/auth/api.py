"""Auth over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from ..core.pagination import Page, PageQuery
from ..core.routing import anyone, own_transactions
from ..core.schemas import PageRead
from ..users.models import User
from ..users.schemas import UserRead
from .dependencies import SignedInRequest, credentials, sessions, signed_in
from .schemas import LogIn, LoginSessionRead, PasswordChange, Refresh, SignUp, Tokens

router = Router()


@router.post("/auth/signup", response={201: UserRead}, auth=anyone)
@own_transactions
def sign_up(request: HttpRequest, body: SignUp, response: HttpResponse) -> Status[User]:
    user = credentials.sign_up(body)
    response["Location"] = f"/api/v1/users/{user.id}"
    return Status(201, user)


@router.post("/auth/login", response=Tokens, auth=anyone)
@own_transactions
def log_in(request: HttpRequest, body: LogIn) -> Tokens:
    return credentials.log_in(body, request.META["REMOTE_ADDR"], request.headers.get("User-Agent", ""))


@router.post("/auth/refresh", response=Tokens, auth=anyone)
def refresh(request: HttpRequest, body: Refresh) -> Tokens:
    return sessions.refresh(body)


@router.post("/auth/logout", response={204: None}, auth=signed_in)
def log_out(request: SignedInRequest) -> Status[None]:
    sessions.log_out(request.auth)
    return Status(204, None)


@router.get("/auth/sessions", response=PageRead[LoginSessionRead], auth=signed_in)
def list_sessions(request: SignedInRequest, query: Query[PageQuery]) -> Page[LoginSessionRead]:
    return sessions.list_sessions(request.auth, query)


@router.delete("/auth/sessions/{id:session_id}", response={204: None}, auth=signed_in)
def end_session(request: SignedInRequest, session_id: UUID) -> Status[None]:
    sessions.end_session(request.auth, session_id)
    return Status(204, None)


@router.post("/auth/password", response={204: None}, auth=signed_in)
@own_transactions
def change_password(request: SignedInRequest, body: PasswordChange) -> Status[None]:
    credentials.change_password(request.auth, body)
    return Status(204, None)
