"""Users over HTTP."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from ..auth.dependencies import SignedInRequest, admin, credentials, signed_in
from ..auth.schemas import AccountDeletion
from ..core.pagination import Page, PageQuery
from ..core.routing import own_transactions
from ..core.schemas import PageRead
from .dependencies import users
from .models import User
from .schemas import ProfileChange, UserChange, UserRead

router = Router()


@router.get("/users/me", response=UserRead, auth=signed_in)
def read_own_profile(request: SignedInRequest) -> User:
    return request.auth.user


@router.patch("/users/me", response=UserRead, auth=signed_in)
def change_own_profile(request: SignedInRequest, changes: ProfileChange) -> User:
    return users.change_profile(request.auth.id, changes)


@router.delete("/users/me", response={204: None}, auth=signed_in)
@own_transactions
def delete_own_account(request: SignedInRequest, body: AccountDeletion) -> Status[None]:
    credentials.delete_account(request.auth, body)
    return Status(204, None)


@router.get("/users", response=PageRead[UserRead], auth=admin)
def list_users(request: HttpRequest, query: Query[PageQuery]) -> Page[User]:
    return users.list_users(query)


@router.get("/users/{id:user_id}", response=UserRead, auth=signed_in)
def read_user(request: SignedInRequest, user_id: UUID) -> User:
    return users.read_user(request.auth.user, user_id)


@router.patch("/users/{id:user_id}", response=UserRead, auth=admin)
def change_user(request: SignedInRequest, user_id: UUID, changes: UserChange) -> User:
    return users.change_user(request.auth.user, user_id, changes)
