"""Auth over HTTP."""

from uuid import UUID

from fastapi import Response

from ..core.pagination import Page
from ..core.routing import ANYONE, PageParameters, api_router, own_transactions
from ..core.schemas import PageRead
from ..users.models import User
from ..users.schemas import UserRead
from .dependencies import ClientIp, Credentials, EmailLinks, LoginSessions, SignedIn, UserAgent
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

router = api_router()


@router.post("/auth/signup", status_code=201, response_model=UserRead, dependencies=[ANYONE])
@own_transactions
def sign_up(body: SignUp, credentials: Credentials, response: Response) -> User:
    user = credentials.sign_up(body)
    response.headers["Location"] = f"/api/v1/users/{user.id}"
    return user


@router.post("/auth/login", dependencies=[ANYONE])
@own_transactions
def log_in(body: LogIn, credentials: Credentials, client_ip: ClientIp, user_agent: UserAgent) -> Tokens:
    return credentials.log_in(body, client_ip, user_agent)


@router.post("/auth/refresh", dependencies=[ANYONE])
def refresh(body: Refresh, sessions: LoginSessions) -> Tokens:
    return sessions.refresh(body)


@router.post("/auth/logout", status_code=204)
def log_out(current_user: SignedIn, sessions: LoginSessions) -> None:
    sessions.log_out(current_user)


@router.get("/auth/sessions", response_model=PageRead[LoginSessionRead])
def list_sessions(current_user: SignedIn, query: PageParameters, sessions: LoginSessions) -> Page[LoginSessionRead]:
    return sessions.list_sessions(current_user, query)


@router.delete("/auth/sessions/{session_id:id}", status_code=204)
def end_session(session_id: UUID, current_user: SignedIn, sessions: LoginSessions) -> None:
    sessions.end_session(current_user, session_id)


@router.post("/auth/verification", status_code=202, response_class=Response)
def request_verification(current_user: SignedIn, email_links: EmailLinks, client_ip: ClientIp) -> None:
    email_links.request_verification(current_user.user, client_ip)


@router.post("/auth/verify", status_code=204, dependencies=[ANYONE])
def verify_email(body: EmailVerification, email_links: EmailLinks) -> None:
    email_links.verify(body.token.get_secret_value())


@router.post("/auth/email", status_code=202, response_class=Response)
@own_transactions
def change_email(body: EmailChange, current_user: SignedIn, credentials: Credentials, client_ip: ClientIp) -> None:
    credentials.change_email(current_user, body, client_ip)


@router.post("/auth/password/forgotten", status_code=202, response_class=Response, dependencies=[ANYONE])
def request_password_reset(body: ForgottenPassword, email_links: EmailLinks, client_ip: ClientIp) -> None:
    email_links.request_password_reset(body.email, client_ip)


@router.post("/auth/password/reset", status_code=204, dependencies=[ANYONE])
@own_transactions
def reset_password(body: PasswordReset, credentials: Credentials) -> None:
    credentials.reset_password(body)


@router.post("/auth/password", status_code=204)
@own_transactions
def change_password(body: PasswordChange, current_user: SignedIn, credentials: Credentials) -> None:
    credentials.change_password(current_user, body)
