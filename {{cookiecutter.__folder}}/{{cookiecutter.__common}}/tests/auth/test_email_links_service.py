"""The rules of links in mails, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from {{ cookiecutter.__package }}.auth.email_links import EmailLinkService, InvalidToken, Purpose
from {{ cookiecutter.__package }}.auth.models import EmailToken
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

    def test_of_strangers_does_not_lock_the_owner_out(self, links: EmailLinkService, accounts: FakeAccounts) -> None:
        alice = sign_up(accounts.credentials)
        for host in range(5):
            links.request_password_reset(alice.email, f"192.0.2.{host}")

        links.request_verification(alice, "192.0.2.9")

    def test_lets_people_sign_up_without_a_mail(self, links: EmailLinkService, accounts: FakeAccounts) -> None:
        alice = sign_up(accounts.credentials)
        for _ in range(9):
            links.begin_verification(alice)

        assert len(accounts.enqueued) == 5


class TestIssue:
    def test_makes_another_token_each_time(self, links: EmailLinkService, accounts: FakeAccounts) -> None:
        """When the mail server was away."""
        [wanted] = self.after_sign_up(accounts)

        first, second = links.issue(wanted.id), links.issue(wanted.id)

        assert first and second
        assert first.token != second.token
        with pytest.raises(InvalidToken):
            links.verify(first.token)

    def test_comes_too_late_for_what_is_not_wanted_any_more(
        self, links: EmailLinkService, accounts: FakeAccounts
    ) -> None:
        [older] = self.after_sign_up(accounts)
        alice = accounts.users.users[older.user_id]
        newer = links.want(alice, Purpose.VERIFICATION, alice.email)
        assert links.issue(older.id) is None

        newer.expires_at = datetime.now(UTC)
        assert links.issue(newer.id) is None

        links.end_links(alice)
        assert links.issue(newer.id) is None

    def test_is_not_for_an_account_that_is_locked(self, links: EmailLinkService, accounts: FakeAccounts) -> None:
        [wanted] = self.after_sign_up(accounts)
        accounts.users.users[wanted.user_id].is_active = False

        assert links.issue(wanted.id) is None

    def after_sign_up(self, accounts: FakeAccounts) -> list[EmailToken]:
        sign_up(accounts.credentials)
        return list(accounts.auth.email_tokens.values())


class TestPasswordReset:
    @pytest.mark.parametrize(("minutes", "wanted"), [(0, 1), (59, 1), (61, 0)])
    def test_is_not_for_who_asked_long_ago(
        self, links: EmailLinkService, accounts: FakeAccounts, minutes: int, wanted: int
    ) -> None:
        alice = sign_up(accounts.credentials)
        links.end_links(alice)

        links.begin_password_reset(alice.email, datetime.now(UTC) - timedelta(minutes=minutes))

        assert len(accounts.auth.email_tokens) == wanted


class TestAccountsOfOperators:
    def test_are_verified_and_get_no_mail(self, accounts: FakeAccounts) -> None:
        admin = sign_up(accounts.credentials, role=Role.ADMIN)

        assert (admin.email_verified, accounts.enqueued) == (True, [])
