"""Sign-in with Google and GitHub over HTTP."""

from uuid import UUID

from ..auth.dependencies import SignedIn, UserAgent
from ..auth.schemas import Tokens
from ..core.routing import ANYONE, api_router, own_transactions
from .dependencies import AnyVisitor, Flow, OAuth
from .schemas import IdentityList, OAuthFinish, OAuthStart, OAuthStarted

router = api_router()


@router.post("/auth/oauth/{provider}/start", status_code=201)
@own_transactions
def start_oauth_sign_in(provider: str, body: OAuthStart, visitor: AnyVisitor, flow: Flow) -> OAuthStarted:
    return flow.start(provider, body, visitor)


@router.post("/auth/oauth/{provider}/finish", dependencies=[ANYONE])
@own_transactions
def finish_oauth_sign_in(provider: str, body: OAuthFinish, flow: Flow, user_agent: UserAgent) -> Tokens:
    return flow.finish(provider, body, user_agent)


@router.get("/auth/identities")
def list_identities(current_user: SignedIn, oauth: OAuth) -> IdentityList:
    return oauth.list_identities(current_user.id)


@router.delete("/auth/identities/{identity_id:id}", status_code=204)
def remove_identity(identity_id: UUID, current_user: SignedIn, oauth: OAuth) -> None:
    oauth.remove_identity(current_user, identity_id)
