"""What the routes of auth need, and who may call an operation of any feature: `SIGNED_IN` and `ADMIN`."""

from ..core.routing import Authentication, current_session
from ..core.settings import get_settings
from .credentials import CredentialService
from .email_links import EmailLinkService
from .service import CurrentUser, LoginSessionService
from .transactions import accounts_in_transaction, accounts_of, login_sessions_of

credentials = CredentialService(accounts_in_transaction, get_settings())


def login_sessions() -> LoginSessionService:
    return login_sessions_of(current_session())


def email_links() -> EmailLinkService:
    return accounts_of(current_session()).email_links


def authenticate(authorization: str | None) -> CurrentUser:
    return login_sessions().authenticate(authorization)


def authenticate_admin(authorization: str | None) -> CurrentUser:
    return login_sessions().authenticate_admin(authorization)


SIGNED_IN = Authentication(authenticate)
ADMIN = Authentication(authenticate_admin)
