"""What the routes of accounts are given, and who calls them."""

from ..core.routing import Caller, current_session
from ..core.settings import get_settings
from .credentials import CredentialService
from .repository import AccountRepository
from .service import AccountService
from .transactions import accounts_in_transaction, identify, identify_admin

credentials = CredentialService(accounts_in_transaction, get_settings())


def account_service() -> AccountService:
    return AccountService(AccountRepository(current_session()), get_settings())


SIGNED_IN = Caller(identify)
ADMIN = Caller(identify_admin)
