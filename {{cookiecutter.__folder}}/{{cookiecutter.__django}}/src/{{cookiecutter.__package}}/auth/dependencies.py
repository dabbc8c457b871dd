"""What the routes of auth need, and who may call an operation of any feature: `signed_in` and `admin`."""

from django.http import HttpRequest

from ..core.routing import Authentication
from ..core.settings import get_settings
from .credentials import CredentialService
from .service import CurrentUser
from .transactions import accounts, accounts_in_transaction


class SignedInRequest(HttpRequest):
    auth: CurrentUser


sessions = accounts.sessions
email_links = accounts.email_links
credentials = CredentialService(accounts_in_transaction, get_settings())
signed_in = Authentication(sessions.authenticate)
admin = Authentication(sessions.authenticate_admin)
