"""What the routes of accounts are given, and who calls them."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from ..core.routing import Caller, DatabaseSession
from ..core.settings import get_settings
from .models import User
from .repository import AccountRepository
from .service import AccountService


async def account_service(session: DatabaseSession) -> AccountService:
    return AccountService(AccountRepository(session), get_settings())


def identify(session: Session, access_token: str) -> User:
    return AccountService(AccountRepository(session), get_settings()).identify(access_token)


async def user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")


Accounts = Annotated[AccountService, Depends(account_service)]
CurrentUser = Annotated[User, Depends(Caller(identify))]
UserAgent = Annotated[str, Depends(user_agent)]
