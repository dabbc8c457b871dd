"""What the routes of accounts are given, and who calls them."""

from django.http import HttpRequest

from ..core.routing import Caller
from ..core.settings import get_settings
from .models import User
from .repository import AccountRepository
from .service import AccountService


class UserRequest(HttpRequest):
    """The request of somebody who is signed in."""

    auth: User


accounts = AccountService(AccountRepository(), get_settings())
signed_in = Caller(accounts.identify)
