"""The services of auth and users in a transaction of their own: for commands, and for operations with a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.transaction import atomic

from ..core.settings import get_settings
from ..events.transactions import outbox
from ..features import feature_modules
from ..jobs.transactions import queue
from ..mail.settings import get_settings as get_mail_settings
from ..pipeline.rate_limits import redis_counter
from ..users.repository import UserRepository
from ..users.service import UserService
from .credentials import Accounts
from .email_links import EmailLinkService, MailLimit
from .login_limit import AttemptLimit
from .repository import AuthRepository
from .service import LoginSessionService

_auth = AuthRepository()


def _revoke_all_access(user_id: UUID) -> None:
    """Features that let users in by other ways have a `recovery.py`."""
    _auth.remove_access(user_id)
    for recovery in feature_modules("recovery"):
        recovery.remove_sign_in_methods(user_id)


_users = UserService(UserRepository(), _auth.remove_access, outbox.record)
_mail_limit = get_mail_settings().mail_rate_limit
mail_limit = MailLimit(
    AttemptLimit(_auth, "mail", _mail_limit), redis_counter("mail", _mail_limit, get_settings().redis_url)
)
accounts = Accounts(
    users=_users,
    sessions=LoginSessionService(_auth, get_settings()),
    login_limit=AttemptLimit(_auth, "login", get_settings().login_rate_limit),
    email_links=EmailLinkService(_auth, _users, mail_limit, queue.enqueue),
    revoke_all_access=_revoke_all_access,
)


@contextmanager
def accounts_in_transaction() -> Iterator[Accounts]:
    with atomic():
        yield accounts
