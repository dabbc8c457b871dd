"""What the routes of accounts are given, and who calls them."""

from ..core.database import open_session
from ..core.routing import Caller, current_session
from ..core.settings import get_settings
from .models import User
from .repository import AccountRepository
from .service import AccountService


def account_service() -> AccountService:
    return AccountService(AccountRepository(current_session()), get_settings())


def identify(access_token: str) -> User:
    with open_session(read_only=True) as session:
        return AccountService(AccountRepository(session), get_settings()).identify(access_token)


SIGNED_IN = Caller(identify)
