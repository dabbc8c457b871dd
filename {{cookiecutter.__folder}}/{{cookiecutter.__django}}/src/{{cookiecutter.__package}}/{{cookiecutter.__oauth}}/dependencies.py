"""What the routes of oauth need."""

from django.http import HttpRequest

from ..auth.transactions import accounts
from ..core.routing import Authentication
from .flow import OAuthFlow, visitor_of
from .service import Visitor
from .transactions import oauth as oauth
from .transactions import oauth_in_transaction


class VisitorRequest(HttpRequest):
    auth: Visitor


def authenticate_visitor(authorization: str | None) -> Visitor:
    return visitor_of(accounts.sessions, authorization)


flow = OAuthFlow(oauth_in_transaction)
any_visitor = Authentication(authenticate_visitor)
