"""What the routes of oauth need."""

from ..auth.transactions import login_sessions_of
from ..core.routing import Authentication, current_session
from .flow import OAuthFlow, visitor_of
from .service import OAuthService, Visitor
from .transactions import oauth_in_transaction, oauth_of

flow = OAuthFlow(oauth_in_transaction)


def oauth_service() -> OAuthService:
    return oauth_of(current_session())


def authenticate_visitor(authorization: str | None) -> Visitor:
    return visitor_of(login_sessions_of(current_session()), authorization)


ANY_VISITOR = Authentication(authenticate_visitor)
