"""Sign-in with Google and GitHub over HTTP."""

from uuid import UUID

from flask import Blueprint, request

from ..auth.dependencies import SIGNED_IN
from ..auth.schemas import Tokens
from ..auth.service import CurrentUser
from ..core.routing import ANYONE, operation, own_transactions
from .dependencies import ANY_VISITOR, flow, oauth_service
from .schemas import IdentityList, OAuthFinish, OAuthStart, OAuthStarted
from .service import Visitor

bp = Blueprint("oauth", __name__)


@bp.post("/auth/oauth/<provider>/start")
@operation(ANY_VISITOR, returns=OAuthStarted, status=201)
@own_transactions
def start_oauth_sign_in(provider: str, body: OAuthStart, visitor: Visitor) -> OAuthStarted:
    return flow.start(provider, body, visitor)


@bp.post("/auth/oauth/<provider>/finish")
@operation(ANYONE, returns=Tokens)
@own_transactions
def finish_oauth_sign_in(provider: str, body: OAuthFinish) -> Tokens:
    return flow.finish(provider, body, request.headers.get("User-Agent", ""))


@bp.get("/auth/identities")
@operation(SIGNED_IN, returns=IdentityList)
def list_identities(current_user: CurrentUser) -> IdentityList:
    return oauth_service().list_identities(current_user.id)


@bp.delete("/auth/identities/<id:identity_id>")
@operation(SIGNED_IN, returns=None, status=204)
def remove_identity(identity_id: UUID, current_user: CurrentUser) -> None:
    oauth_service().remove_identity(current_user, identity_id)
