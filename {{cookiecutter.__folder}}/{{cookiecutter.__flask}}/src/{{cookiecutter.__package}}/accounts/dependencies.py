"""What the routes of accounts are given, and who calls them."""

from sqlalchemy.orm import Session

from ..core.routing import Caller, current_session
from ..core.settings import get_settings
from .models import User
from .repository import AccountRepository
from .service import AccountService


def account_service() -> AccountService:
    return AccountService(AccountRepository(current_session()), get_settings())


def identify(session: Session, access_token: str) -> User:
    return AccountService(AccountRepository(session), get_settings()).identify(access_token)


SIGNED_IN = Caller(identify)
