"""Auth over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from ..core.pagination import Page, PageQuery
from ..core.routing import anyone, own_transactions
from ..core.schemas import PageRead
from ..users.models import User
from ..users.schemas import UserRead
from .dependencies import SignedInRequest, credentials, email_links, sessions, signed_in
from .schemas import (
    EmailChange,
    EmailVerification,
    ForgottenPassword,
    LogIn,
    LoginSessionRead,
    PasswordChange,
    PasswordReset,
    Refresh,
    SignUp,
    Tokens,
)

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


@router.post("/auth/verification", response={202: None}, auth=signed_in)
def request_verification(request: SignedInRequest) -> Status[None]:
    email_links.request_verification(request.auth.user, request.META["REMOTE_ADDR"])
    return Status(202, None)


@router.post("/auth/verify", response={204: None}, auth=anyone)
def verify_email(request: HttpRequest, body: EmailVerification) -> Status[None]:
    email_links.verify(body.token.get_secret_value())
    return Status(204, None)


@router.post("/auth/email", response={202: None}, auth=signed_in)
@own_transactions
def change_email(request: SignedInRequest, body: EmailChange) -> Status[None]:
    credentials.change_email(request.auth, body, request.META["REMOTE_ADDR"])
    return Status(202, None)


@router.post("/auth/password/forgotten", response={202: None}, auth=anyone)
def request_password_reset(request: HttpRequest, body: ForgottenPassword) -> Status[None]:
    email_links.request_password_reset(body.email, request.META["REMOTE_ADDR"])
    return Status(202, None)


@router.post("/auth/password/reset", response={204: None}, auth=anyone)
@own_transactions
def reset_password(request: HttpRequest, body: PasswordReset) -> Status[None]:
    credentials.reset_password(body)
    return Status(204, None)


@router.post("/auth/password", response={204: None}, auth=signed_in)
@own_transactions
def change_password(request: SignedInRequest, body: PasswordChange) -> Status[None]:
    credentials.change_password(request.auth, body)
    return Status(204, None)
