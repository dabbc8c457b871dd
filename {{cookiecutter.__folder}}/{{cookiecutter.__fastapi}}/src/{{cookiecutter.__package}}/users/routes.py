"""Users over HTTP."""

from uuid import UUID

from ..auth.dependencies import Admin, Credentials, SignedIn
from ..auth.schemas import AccountDeletion
from ..core.pagination import Page
from ..core.routing import PageParameters, api_router, own_transactions
from ..core.schemas import PageRead
from .dependencies import Users
from .models import User
from .schemas import ProfileChange, UserChange, UserRead

router = api_router()


@router.get("/users/me", response_model=UserRead)
def read_own_profile(current_user: SignedIn) -> User:
    return current_user.user


@router.patch("/users/me", response_model=UserRead)
def change_own_profile(changes: ProfileChange, current_user: SignedIn, users: Users) -> User:
    return users.change_profile(current_user.id, changes)


@router.delete("/users/me", status_code=204)
@own_transactions
def delete_own_account(body: AccountDeletion, current_user: SignedIn, credentials: Credentials) -> None:
    credentials.delete_account(current_user, body)


@router.get("/users", response_model=PageRead[UserRead])
def list_users(query: PageParameters, _admin: Admin, users: Users) -> Page[User]:
    return users.list_users(query)


@router.get("/users/{user_id:id}", response_model=UserRead)
def read_user(user_id: UUID, current_user: SignedIn, users: Users) -> User:
    return users.read_user(current_user.user, user_id)


@router.patch("/users/{user_id:id}", response_model=UserRead)
def change_user(user_id: UUID, changes: UserChange, admin: Admin, users: Users) -> User:
    return users.change_user(admin.user, user_id, changes)
