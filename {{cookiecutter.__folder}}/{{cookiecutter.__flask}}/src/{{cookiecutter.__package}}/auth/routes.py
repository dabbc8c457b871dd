"""Auth over HTTP."""

from uuid import UUID

from flask import Blueprint, request

from ..core.pagination import Page, PageQuery
from ..core.routing import ANYONE, operation, own_transactions
from ..core.schemas import PageRead
from ..users.models import User
from ..users.schemas import UserRead
from .dependencies import SIGNED_IN, credentials, email_links, login_sessions
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
from .service import CurrentUser

bp = Blueprint("auth", __name__)


@bp.post("/auth/signup")
@operation(ANYONE, returns=UserRead, status=201)
@own_transactions
def sign_up(body: SignUp) -> tuple[User, dict[str, str]]:
    user = credentials.sign_up(body)
    return user, {"Location": f"/api/v1/users/{user.id}"}


@bp.post("/auth/login")
@operation(ANYONE, returns=Tokens)
@own_transactions
def log_in(body: LogIn) -> Tokens:
    return credentials.log_in(body, request.remote_addr or "", request.headers.get("User-Agent", ""))


@bp.post("/auth/refresh")
@operation(ANYONE, returns=Tokens)
def refresh(body: Refresh) -> Tokens:
    return login_sessions().refresh(body)


@bp.post("/auth/logout")
@operation(SIGNED_IN, returns=None, status=204)
def log_out(current_user: CurrentUser) -> None:
    login_sessions().log_out(current_user)


@bp.get("/auth/sessions")
@operation(SIGNED_IN, returns=PageRead[LoginSessionRead])
def list_sessions(current_user: CurrentUser, query: PageQuery) -> Page[LoginSessionRead]:
    return login_sessions().list_sessions(current_user, query)


@bp.delete("/auth/sessions/<id:session_id>")
@operation(SIGNED_IN, returns=None, status=204)
def end_session(session_id: UUID, current_user: CurrentUser) -> None:
    login_sessions().end_session(current_user, session_id)


@bp.post("/auth/verification")
@operation(SIGNED_IN, returns=None, status=202)
def request_verification(current_user: CurrentUser) -> None:
    email_links().request_verification(current_user.user, request.remote_addr or "")


@bp.post("/auth/verify")
@operation(ANYONE, returns=None, status=204)
def verify_email(body: EmailVerification) -> None:
    email_links().verify(body.token.get_secret_value())


@bp.post("/auth/email")
@operation(SIGNED_IN, returns=None, status=202)
@own_transactions
def change_email(body: EmailChange, current_user: CurrentUser) -> None:
    credentials.change_email(current_user, body, request.remote_addr or "")


@bp.post("/auth/password/forgotten")
@operation(ANYONE, returns=None, status=202)
def request_password_reset(body: ForgottenPassword) -> None:
    email_links().request_password_reset(body.email, request.remote_addr or "")


@bp.post("/auth/password/reset")
@operation(ANYONE, returns=None, status=204)
@own_transactions
def reset_password(body: PasswordReset) -> None:
    credentials.reset_password(body)


@bp.post("/auth/password")
@operation(SIGNED_IN, returns=None, status=204)
@own_transactions
def change_password(body: PasswordChange, current_user: CurrentUser) -> None:
    credentials.change_password(current_user, body)
