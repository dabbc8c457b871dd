"""What the worker does for auth: mails, and what has expired."""

from datetime import datetime
from uuid import UUID

from ..jobs.registry import job, scheduled
from ..jobs.service import sweep
from ..mail.service import link_to, send_mail
from .email_links import Purpose
from .transactions import accounts_in_transaction


@job
def mail_link(email_token_id: UUID) -> None:
    with accounts_in_transaction() as accounts:
        issued = accounts.email_links.issue(email_token_id)
    if issued:
        page = "reset-password" if issued.purpose == Purpose.PASSWORD_RESET else "verify-email"
        send_mail(f"auth/mails/{issued.purpose}.txt", issued.email, link_to(page, token=issued.token))


@job
def mail_email_change_notice(old_email: str, email: str) -> None:
    send_mail("auth/mails/email_change_notice.txt", old_email, email=email)


@job
def mail_password_reset(email: str, requested_at: datetime) -> None:
    with accounts_in_transaction() as accounts:
        accounts.email_links.begin_password_reset(email, requested_at)


@job
def mail_password_changed(email: str) -> None:
    send_mail("auth/mails/password_changed.txt", email)


@scheduled("15 * * * *")
def remove_expired() -> None:
    """Sessions, tokens, and attempts that no limit counts any more."""
    sweep(accounts_in_transaction, lambda accounts: accounts.sessions.remove_expired())
