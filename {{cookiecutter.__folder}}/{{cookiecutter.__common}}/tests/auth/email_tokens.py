"""Tokens as in the mails to Alice."""

from {{ cookiecutter.__package }}.auth.email_links import Purpose
from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction


def new_email_token(purpose: str, email: str = "alice@example.com") -> str:
    with accounts_in_transaction() as accounts:
        alice = accounts.users.find_active_user("alice@example.com")
        assert alice
        wanted = accounts.email_links.want(alice, Purpose(purpose), email)
        issued = accounts.email_links.issue(wanted.id)
    assert issued
    return issued.token
