"""Tokens as in the mails to Alice."""

from {{ cookiecutter.__package }}.auth.email_links import Purpose
from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction


def new_email_token(purpose: str, email: str | None = None) -> str:
    with accounts_in_transaction() as accounts:
        alice = accounts.users.find_active_user("alice@example.com")
        assert alice
        issued = accounts.email_links.issue(alice.id, Purpose(purpose), email)
    assert issued
    return issued[1]
