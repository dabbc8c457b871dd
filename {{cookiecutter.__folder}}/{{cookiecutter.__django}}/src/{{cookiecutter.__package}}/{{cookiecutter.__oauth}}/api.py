"""Sign-in with Google and GitHub over HTTP."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from ..auth.dependencies import SignedInRequest, signed_in
from ..auth.schemas import Tokens
from ..core.routing import anyone, own_transactions
from .dependencies import VisitorRequest, any_visitor, flow, oauth
from .schemas import IdentityList, OAuthFinish, OAuthStart, OAuthStarted

router = Router()


@router.post("/auth/oauth/{provider}/start", response={201: OAuthStarted}, auth=any_visitor)
@own_transactions
def start_oauth_sign_in(request: VisitorRequest, provider: str, body: OAuthStart) -> Status[OAuthStarted]:
    return Status(201, flow.start(provider, body, request.auth))


@router.post("/auth/oauth/{provider}/finish", response=Tokens, auth=anyone)
@own_transactions
def finish_oauth_sign_in(request: HttpRequest, provider: str, body: OAuthFinish) -> Tokens:
    return flow.finish(provider, body, request.headers.get("User-Agent", ""))


@router.get("/auth/identities", response=IdentityList, auth=signed_in)
def list_identities(request: SignedInRequest) -> IdentityList:
    return oauth.list_identities(request.auth.id)


@router.delete("/auth/identities/{id:identity_id}", response={204: None}, auth=signed_in)
def remove_identity(request: SignedInRequest, identity_id: UUID) -> Status[None]:
    oauth.remove_identity(request.auth, identity_id)
    return Status(204, None)
