"""What the routes of oauth need."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from ..auth.transactions import login_sessions_of
from ..core.routing import Authentication, DbSession
from .flow import OAuthFlow, visitor_of
from .service import OAuthService, Visitor
from .transactions import oauth_in_transaction, oauth_of

flow = OAuthFlow(oauth_in_transaction)


async def oauth_service(session: DbSession) -> OAuthService:
    return oauth_of(session)


async def oauth_flow() -> OAuthFlow:
    return flow


def authenticate_visitor(session: Session, authorization: str | None) -> Visitor:
    return visitor_of(login_sessions_of(session), authorization)


current_visitor = Authentication(authenticate_visitor)

AnyVisitor = Annotated[Visitor, Depends(current_visitor)]
OAuth = Annotated[OAuthService, Depends(oauth_service)]
Flow = Annotated[OAuthFlow, Depends(oauth_flow)]
