"""What the routes of users need."""

from typing import Annotated

from fastapi import Depends

from ..auth.transactions import accounts_of
from ..core.routing import DbSession
from .service import UserService


async def user_service(session: DbSession) -> UserService:
    return accounts_of(session).users


Users = Annotated[UserService, Depends(user_service)]
