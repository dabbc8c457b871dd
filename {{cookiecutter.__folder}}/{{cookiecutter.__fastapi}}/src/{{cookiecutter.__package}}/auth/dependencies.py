"""What the routes of auth need, and the current user for the routes of all features: `SignedIn` and `Admin`."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from ..core.routing import Authentication, DbSession
from ..core.settings import get_settings
from .credentials import CredentialService
from .email_links import EmailLinkService
from .service import CurrentUser, LoginSessionService
from .transactions import accounts_in_transaction, accounts_of, login_sessions_of

credentials = CredentialService(accounts_in_transaction, get_settings())


async def login_session_service(session: DbSession) -> LoginSessionService:
    return login_sessions_of(session)


async def email_link_service(session: DbSession) -> EmailLinkService:
    return accounts_of(session).email_links


async def credential_service() -> CredentialService:
    return credentials


async def client_ip(request: Request) -> str:
    return request.client.host if request.client else ""


async def user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")


def authenticate(session: Session, authorization: str | None) -> CurrentUser:
    return login_sessions_of(session).authenticate(authorization)


def authenticate_admin(session: Session, authorization: str | None) -> CurrentUser:
    return login_sessions_of(session).authenticate_admin(authorization)


current_user = Authentication(authenticate)
current_admin = Authentication(authenticate_admin)

SignedIn = Annotated[CurrentUser, Depends(current_user)]
Admin = Annotated[CurrentUser, Depends(current_admin)]
LoginSessions = Annotated[LoginSessionService, Depends(login_session_service)]
EmailLinks = Annotated[EmailLinkService, Depends(email_link_service)]
Credentials = Annotated[CredentialService, Depends(credential_service)]
ClientIp = Annotated[str, Depends(client_ip)]
UserAgent = Annotated[str, Depends(user_agent)]
