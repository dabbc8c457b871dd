"""What the routes of accounts are given, and who calls them."""

from typing import Annotated

from fastapi import Depends, Request

from ..core.routing import Caller, DatabaseSession
from ..core.settings import get_settings
from .repository import AccountRepository
from .service import AccountService, Identity
from .work import identify, identify_admin


async def account_service(session: DatabaseSession) -> AccountService:
    return AccountService(AccountRepository(session), get_settings())


async def user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")


Accounts = Annotated[AccountService, Depends(account_service)]
Me = Annotated[Identity, Depends(Caller(identify))]
Admin = Annotated[Identity, Depends(Caller(identify_admin))]
UserAgent = Annotated[str, Depends(user_agent)]
