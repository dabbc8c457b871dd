"""What the routes of accounts are given, and who calls them."""

from typing import Annotated

from fastapi import Depends, Request

from ..core.routing import Caller, DatabaseSession
from ..core.settings import get_settings
from .credentials import CredentialService
from .repository import AccountRepository
from .service import AccountService, Identity
from .transactions import accounts_in_transaction, identify, identify_admin

_credentials = CredentialService(accounts_in_transaction, get_settings())


async def account_service(session: DatabaseSession) -> AccountService:
    return AccountService(AccountRepository(session), get_settings())


async def credential_service() -> CredentialService:
    return _credentials


async def client_address(request: Request) -> str:
    return request.client.host if request.client else ""


async def user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")


Accounts = Annotated[AccountService, Depends(account_service)]
Credentials = Annotated[CredentialService, Depends(credential_service)]
Me = Annotated[Identity, Depends(Caller(identify))]
Admin = Annotated[Identity, Depends(Caller(identify_admin))]
ClientAddress = Annotated[str, Depends(client_address)]
UserAgent = Annotated[str, Depends(user_agent)]
