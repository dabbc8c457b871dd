"""What the routes of accounts are given, and who calls them."""

from django.http import HttpRequest

from ..core.routing import Caller
from ..core.settings import get_settings
from .credentials import CredentialService
from .repository import AccountRepository
from .service import AccountService, Identity
from .transactions import accounts_in_transaction


class SignedInRequest(HttpRequest):
    auth: Identity


accounts = AccountService(AccountRepository(), get_settings())
credentials = CredentialService(accounts_in_transaction, get_settings())
signed_in = Caller(accounts.identify)
admin = Caller(accounts.identify_admin)
