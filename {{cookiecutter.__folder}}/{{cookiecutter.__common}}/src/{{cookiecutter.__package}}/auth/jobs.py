"""What the worker does for auth: mails, and what has expired."""

from uuid import UUID

from ..jobs.registry import job, scheduled
from ..mail.service import link_to, send_mail
from .email_links import Purpose
from .transactions import accounts_in_transaction


@job
def mail_verification(user_id: UUID) -> None:
    _mail_link(Purpose.VERIFICATION, "verify-email", user_id)


@job
def mail_email_change(user_id: UUID, email: str) -> None:
    _mail_link(Purpose.EMAIL_CHANGE, "verify-email", user_id, email)


@job
def mail_email_change_notice(old_email: str, email: str) -> None:
    send_mail("auth/mails/email_change_notice.txt", old_email, email=email)


@job
def mail_password_reset(email: str) -> None:
    with accounts_in_transaction() as accounts:
        user = accounts.users.find_active_user(email)
    if user:
        _mail_link(Purpose.PASSWORD_RESET, "reset-password", user.id)


@job
def mail_password_changed(email: str) -> None:
    send_mail("auth/mails/password_changed.txt", email)


@scheduled("15 * * * *")
def remove_expired() -> None:
    """Sessions, tokens, and attempts that no limit counts any more."""
    more = True
    while more:
        with accounts_in_transaction() as accounts:
            more = accounts.sessions.remove_expired()


def _mail_link(purpose: Purpose, page: str, user_id: UUID, email: str | None = None) -> None:
    with accounts_in_transaction() as accounts:
        issued = accounts.email_links.issue(user_id, purpose, email)
    if issued:
        address, token = issued
        send_mail(f"auth/mails/{purpose}.txt", address, link_to(page, token=token))
