"""Tokens as in mails."""

from {{ cookiecutter.__package }}.auth.email_links import Purpose
from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction


def new_email_token(purpose: str, email: str = "alice@example.com", of: str = "alice@example.com") -> str:
    """For a mail to `email`, which may become the address of the account with the address `of`."""
    with accounts_in_transaction() as accounts:
        user = accounts.users.find_active_user(of)
        assert user
        wanted = accounts.email_links.want(user, Purpose(purpose), email)
        issued = accounts.email_links.issue(wanted.id)
    assert issued
    return issued.token
