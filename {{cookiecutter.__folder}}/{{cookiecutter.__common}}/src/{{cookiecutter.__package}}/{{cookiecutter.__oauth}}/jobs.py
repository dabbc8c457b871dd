"""What the worker does for the sign-in with Google and GitHub."""

from ..jobs.registry import job, scheduled
from ..jobs.service import sweep
from ..mail.service import send_mail
from .transactions import oauth_in_transaction


@job
def mail_identity_added(email: str) -> None:
    send_mail("oauth/mails/identity_added.txt", email)


@scheduled("*/10 * * * *")
def remove_expired_states() -> None:
    sweep(oauth_in_transaction, lambda oauth: oauth.remove_expired_states())
