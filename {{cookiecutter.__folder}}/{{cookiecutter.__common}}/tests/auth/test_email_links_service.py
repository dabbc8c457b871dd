"""The rules of links in mails, without a database."""

import pytest

from {{ cookiecutter.__package }}.auth.email_links import EmailLinkService, Purpose
from {{ cookiecutter.__package }}.core.errors import RateLimited
from {{ cookiecutter.__package }}.users.schemas import Role

from .fakes import FakeAccounts, sign_up


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def links(accounts: FakeAccounts) -> EmailLinkService:
    return accounts.email_links


class TestMailLimit:
    def test_is_one_for_a_mailbox_whoever_asks(self, links: EmailLinkService) -> None:
        for host in range(5):
            links.request_password_reset("alice@example.com", f"192.0.2.{host}")

        with pytest.raises(RateLimited):
            links.request_password_reset("alice@example.com", "192.0.2.9")
        links.request_password_reset("bob@example.com", "192.0.2.9")


class TestIssue:
    def test_needs_somebody_who_needs_it(self, links: EmailLinkService, accounts: FakeAccounts) -> None:
        alice = sign_up(accounts.credentials)
        accounts.users.confirm_email(alice, alice.email)
        assert links.issue(alice.id, Purpose.VERIFICATION) is None

        alice.is_active = False
        assert links.issue(alice.id, Purpose.PASSWORD_RESET) is None

        accounts.users.remove_user(alice.id)
        assert links.issue(alice.id, Purpose.PASSWORD_RESET) is None


class TestAccountsOfOperators:
    def test_are_verified_and_get_no_mail(self, accounts: FakeAccounts) -> None:
        admin = sign_up(accounts.credentials, role=Role.ADMIN)

        assert (admin.email_verified, accounts.enqueued) == (True, [])
