"""Accounts by mail, over HTTP."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from ..accounts import Account
from ..database import Database
from ..mail.mailbox import Mailbox
from ..passwords import PASSWORD
from ..statements import recorded_statements
from .email_tokens import new_email_token

ALICE = {"email": "alice@example.com", "password": PASSWORD}
NEW_PASSWORD = "another horse, another staple"
VERIFICATION = ("alice@example.com", "Confirm your email address")


@pytest.fixture
def mailbox(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    return Mailbox(monkeypatch)


def verify(client: httpx2.Client, token: str) -> httpx2.Response:
    return client.post("/api/v1/auth/verify", json={"token": token})


def ask_for_reset(client: httpx2.Client, email: str = ALICE["email"]) -> httpx2.Response:
    return client.post("/api/v1/auth/password/forgotten", json={"email": email})


def reset(client: httpx2.Client, token: str, password: str = NEW_PASSWORD) -> httpx2.Response:
    return client.post("/api/v1/auth/password/reset", json={"token": token, "new_password": password})


def code_of(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def own(alice: httpx2.Client, field: str) -> object:
    return alice.get("/api/v1/users/me").json()[field]


class TestVerification:
    def test_begins_with_the_sign_up(self, client: httpx2.Client, mailbox: Mailbox) -> None:
        client.post("/api/v1/auth/signup", json=ALICE | {"name": "Alice"})

        assert mailbox.read() == [VERIFICATION]

    def test_happens_once(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        assert own(alice, "email_verified") is False
        assert alice.post("/api/v1/auth/verification").status_code == 202
        token = mailbox.token()

        assert verify(alice, token).status_code == 204
        assert own(alice, "email_verified") is True
        assert code_of(verify(alice, token)) == (400, "invalid_token")
        assert code_of(alice.post("/api/v1/auth/verification")) == (409, "already_verified")

    def test_is_for_the_newest_mail(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        older, newer = new_email_token("verification"), new_email_token("verification")

        assert code_of(verify(alice, older)) == (400, "invalid_token")
        assert verify(alice, newer).status_code == 204

    @pytest.mark.parametrize("purpose", ["verification", "email_change"])
    def test_ends_with_its_time(self, alice: httpx2.Client, database: Database, purpose: str) -> None:
        token = new_email_token(purpose)
        database.execute("UPDATE email_tokens SET expires_at = '2020-01-01 00:00:00'")

        assert code_of(verify(alice, token)) == (400, "invalid_token")

    @pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800"])
    def test_takes_no_other_text(self, client: httpx2.Client, token: str) -> None:
        content = b'{"token": "' + token.encode("ascii", "backslashreplace") + b'"}'

        response = client.post("/api/v1/auth/verify", content=content, headers={"Content-Type": "application/json"})

        assert response.status_code in {400, 422}

    def test_takes_no_token_of_another_purpose(self, alice: httpx2.Client) -> None:
        assert code_of(verify(alice, new_email_token("password_reset"))) == (400, "invalid_token")
        assert code_of(reset(alice, new_email_token("verification"))) == (400, "invalid_token")

    def test_succeeds_for_one_of_many_at_once(self, alice: httpx2.Client) -> None:
        token = new_email_token("verification")

        with ThreadPoolExecutor(20) as threads:
            statuses = Counter(threads.map(lambda _: verify(alice, token).status_code, range(20)))

        assert statuses == {204: 1, 400: 19}

    def test_is_not_for_an_account_that_is_locked(self, alice: httpx2.Client, database: Database) -> None:
        token = new_email_token("verification")
        database.execute("UPDATE users SET is_active = false")

        assert code_of(verify(alice, token)) == (400, "invalid_token")

    def test_no_table_keeps_the_token(self, alice: httpx2.Client, mailbox: Mailbox, database: Database) -> None:
        alice.post("/api/v1/auth/verification")
        token = mailbox.token()

        assert all(token not in str(database.rows(f"SELECT * FROM {table}")) for table in database.tables())


class TestEmailChange:
    def change(self, alice: httpx2.Client, email: str, password: str = PASSWORD) -> httpx2.Response:
        return alice.post("/api/v1/auth/email", json={"email": email, "current_password": password})

    def test_holds_when_it_is_verified(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        assert self.change(alice, "New@Example.com").status_code == 202
        token = mailbox.token()
        assert own(alice, "email") == "alice@example.com"

        assert verify(alice, token).status_code == 204
        assert (own(alice, "email"), own(alice, "email_verified")) == ("new@example.com", True)

    def test_is_told_to_the_old_address(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        self.change(alice, "new@example.com")

        assert sorted(mailbox.read()) == [
            ("alice@example.com", "Your email address is about to change"),
            ("new@example.com", "Confirm your new email address"),
        ]

    def test_needs_the_password(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        assert code_of(self.change(alice, "new@example.com", "wrong")) == (401, "invalid_credentials")
        assert mailbox.read() == []

    def test_does_not_take_the_address_of_another(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        self.change(alice, "bob@example.com")
        token = mailbox.token()
        Account("bob")

        assert code_of(verify(alice, token)) == (409, "email_taken")
        assert own(alice, "email") == "alice@example.com"

    @pytest.mark.parametrize("what", ["reset", "password", "deactivation"])
    def test_is_given_up_when_somebody_takes_the_account_back(
        self, alice: httpx2.Client, admin: httpx2.Client, what: str
    ) -> None:
        """Otherwise who knew the password could still move the account to an address of theirs."""
        user_id = own(alice, "id")
        token = new_email_token("email_change", "thief@example.com")

        if what == "reset":
            assert reset(alice, new_email_token("password_reset")).status_code == 204
        elif what == "password":
            body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
            assert alice.post("/api/v1/auth/password", json=body).status_code == 204
        else:
            for is_active in (False, True):
                admin.patch(f"/api/v1/users/{user_id}", json={"is_active": is_active})

        assert code_of(verify(alice, token)) == (400, "invalid_token")

    def test_ends_what_was_mailed_to_the_old_address(self, alice: httpx2.Client) -> None:
        to_the_old_address = new_email_token("password_reset")

        verify(alice, new_email_token("email_change", "new@example.com"))

        assert code_of(reset(alice, to_the_old_address)) == (400, "invalid_token")


class TestForgottenPassword:
    def test_can_be_replaced_once(self, alice: httpx2.Client, client: httpx2.Client, mailbox: Mailbox) -> None:
        assert ask_for_reset(client).status_code == 202
        token = mailbox.token()

        assert reset(client, token).status_code == 204
        assert alice.get("/api/v1/users/me").status_code == 401
        assert client.post("/api/v1/auth/login", json=ALICE).status_code == 401
        assert client.post("/api/v1/auth/login", json=ALICE | {"password": NEW_PASSWORD}).status_code == 200
        assert mailbox.read() == [("alice@example.com", "Your password has been changed")]
        assert code_of(reset(client, token)) == (400, "invalid_token")

    def test_proves_the_address(self, client: httpx2.Client, sign_in: object) -> None:
        alice = Account("alice")

        reset(client, new_email_token("password_reset"))

        client.headers.update(alice.sign_in())
        assert own(client, "email_verified") is True

    def test_stays_when_the_new_one_is_refused(self, alice: httpx2.Client) -> None:
        token = new_email_token("password_reset")

        assert code_of(reset(alice, token, "password1")) == (422, "password_too_common")
        assert reset(alice, token).status_code == 204

    def test_can_be_replaced_by_one_of_many_at_once(self, alice: httpx2.Client) -> None:
        token = new_email_token("password_reset")

        with ThreadPoolExecutor(20) as threads:
            statuses = Counter(threads.map(lambda _: reset(alice, token).status_code, range(20)))

        assert statuses == {204: 1, 400: 19}

    def test_nobody_learns_whether_an_address_has_an_account(
        self, client: httpx2.Client, mailbox: Mailbox, database: Database
    ) -> None:
        Account("alice")
        Account("carol")
        database.execute("UPDATE users SET is_active = false WHERE email = 'carol@example.com'")
        answers = []
        for email in ("alice@example.com", "bob@example.com", "carol@example.com"):
            with recorded_statements() as recorded:
                response = ask_for_reset(client, email)
            headers = {name for name, _ in response.headers.items()}
            answers.append((response.status_code, response.content, headers, [statement for statement, _ in recorded]))

        assert answers[0] == answers[1] == answers[2]
        assert [to for to, _ in mailbox.read()] == ["alice@example.com"]

    def test_a_change_of_the_password_is_told_by_mail(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        alice.post("/api/v1/auth/password", json={"current_password": PASSWORD, "new_password": NEW_PASSWORD})

        assert mailbox.read() == [("alice@example.com", "Your password has been changed")]


class TestMailLimit:
    def test_counts_all_requests_for_mail(self, alice: httpx2.Client, mailbox: Mailbox) -> None:
        for number in range(4):
            assert ask_for_reset(alice, f"user{number}@example.com").status_code == 202
        assert alice.post("/api/v1/auth/verification").status_code == 202

        refused = [
            alice.post("/api/v1/auth/verification"),
            alice.post("/api/v1/auth/email", json={"email": "a@example.com", "current_password": PASSWORD}),
            ask_for_reset(alice),
        ]

        assert [code_of(response) for response in refused] == [(429, "rate_limited")] * 3
        assert refused[0].headers["RateLimit-Policy"].startswith('"mail";q=5;w=3600')
        assert mailbox.read() == [VERIFICATION]
