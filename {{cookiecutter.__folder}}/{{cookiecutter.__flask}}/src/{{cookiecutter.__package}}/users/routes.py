"""Users over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import ADMIN, SIGNED_IN, credentials
from ..auth.schemas import AccountDeletion
from ..auth.service import CurrentUser
from ..core.pagination import Page, PageQuery
from ..core.routing import operation, own_transactions
from ..core.schemas import PageRead
from .dependencies import user_service
from .models import User
from .schemas import ProfileChange, UserChange, UserRead

bp = Blueprint("users", __name__)


@bp.get("/users/me")
@operation(SIGNED_IN, returns=UserRead)
def read_own_profile(current_user: CurrentUser) -> User:
    return current_user.user


@bp.patch("/users/me")
@operation(SIGNED_IN, returns=UserRead)
def change_own_profile(changes: ProfileChange, current_user: CurrentUser) -> User:
    return user_service().change_profile(current_user.id, changes)


@bp.delete("/users/me")
@operation(SIGNED_IN, returns=None, status=204)
@own_transactions
def delete_own_account(body: AccountDeletion, current_user: CurrentUser) -> None:
    credentials.delete_account(current_user, body)


@bp.get("/users")
@operation(ADMIN, returns=PageRead[UserRead])
def list_users(query: PageQuery) -> Page[User]:
    return user_service().list_users(query)


@bp.get("/users/<id:user_id>")
@operation(SIGNED_IN, returns=UserRead)
def read_user(user_id: UUID, current_user: CurrentUser) -> User:
    return user_service().read_user(current_user.user, user_id)


@bp.patch("/users/<id:user_id>")
@operation(ADMIN, returns=UserRead)
def change_user(user_id: UUID, admin: CurrentUser, changes: UserChange) -> User:
    return user_service().change_user(admin.user, user_id, changes)
