"""What the routes of accounts are given, and who calls them."""

from typing import Annotated

from fastapi import Depends, Request

from ..core.database import open_session
from ..core.routing import Caller, DatabaseSession
from ..core.settings import get_settings
from .models import User
from .repository import AccountRepository
from .service import AccountService


async def account_service(session: DatabaseSession) -> AccountService:
    return AccountService(AccountRepository(session), get_settings())


def identify(access_token: str) -> User:
    with open_session(read_only=True) as session:
        return AccountService(AccountRepository(session), get_settings()).identify(access_token)


async def user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")


Accounts = Annotated[AccountService, Depends(account_service)]
CurrentUser = Annotated[User, Depends(Caller(identify))]
UserAgent = Annotated[str, Depends(user_agent)]
