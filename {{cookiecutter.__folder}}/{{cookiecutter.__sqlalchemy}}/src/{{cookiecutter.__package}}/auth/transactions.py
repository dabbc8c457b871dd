"""The services of auth and users in a transaction of their own: for commands, and for operations with a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from uuid import UUID

from sqlalchemy.orm import Session

from ..core.database import open_session, transaction
from ..core.settings import get_settings
from ..events.transactions import outbox_of
from ..features import feature_modules
from ..jobs.transactions import jobs_of
from ..mail.settings import get_settings as get_mail_settings
from ..pipeline.rate_limits import RedisCounter, redis_counter
from ..users.repository import UserRepository
from ..users.service import UserService
from .credentials import Accounts
from .email_links import EmailLinkService, MailLimit
from .login_limit import AttemptLimit
from .repository import AuthRepository
from .service import LoginSessionService


@contextmanager
def accounts_in_transaction() -> Iterator[Accounts]:
    with open_session() as session, transaction(session):
        yield accounts_of(session)


def accounts_of(session: Session) -> Accounts:
    settings = get_settings()
    auth = AuthRepository(session)
    users = UserService(UserRepository(session), auth.remove_access, outbox_of(session).record)
    return Accounts(
        users=users,
        sessions=login_sessions_of(session),
        login_limit=AttemptLimit(auth, "login", settings.login_rate_limit),
        email_links=EmailLinkService(auth, users, mail_limit(auth), jobs_of(session).enqueue),
        revoke_all_access=partial(_revoke_all_access, session),
    )


def _revoke_all_access(session: Session, user_id: UUID) -> None:
    """Features that let users in by other ways have a `recovery.py`."""
    AuthRepository(session).remove_access(user_id)
    for recovery in feature_modules("recovery"):
        recovery.remove_sign_in_methods(session, user_id)


def login_sessions_of(session: Session) -> LoginSessionService:
    """For who is signed in, which every request asks: without the other services."""
    return LoginSessionService(AuthRepository(session), get_settings())


def mail_limit(auth: AuthRepository) -> MailLimit:
    return MailLimit(AttemptLimit(auth, "mail", get_mail_settings().mail_rate_limit), _mails_in_redis())


@cache
def _mails_in_redis() -> RedisCounter | None:
    return redis_counter("mail", get_mail_settings().mail_rate_limit, get_settings().redis_url)
