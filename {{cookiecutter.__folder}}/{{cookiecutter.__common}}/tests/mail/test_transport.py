"""Mails on their way to an SMTP server."""

import smtplib
import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from {{ cookiecutter.__package }}.mail import transport
from {{ cookiecutter.__package }}.mail.service import compose, preview_page, samples, send_mail
from {{ cookiecutter.__package }}.mail.settings import MailSettings
from {{ cookiecutter.__package }}.mail.transport import UnsafeServer, deliver

from .mailbox import text_of

VERIFICATION = "auth/mails/verification.txt"
LINK = "https://app.example.com/verify-email?token=a&b"


class Inbox(Sink):
    def __init__(self) -> None:
        super().__init__()
        self.received: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "refused" in str(envelope.rcpt_tos):
            return "554 looks like spam"
        self.received.append(envelope)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "unknown" in address or "later" in address:
            return "550 nobody here" if "unknown" in address else "450 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[str, Inbox]]:
    """The URL of a server, and what it receives."""
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        auth_require_tls=False,
        authenticator=lambda *_arguments: AuthResult(success=True),
    )
    controller.start()
    yield f"127.0.0.1:{port}", inbox
    controller.stop()


class TestSmtp:
    def test_takes_a_mail_as_text_and_html(self, inbox: tuple[str, Inbox]) -> None:
        address, server = inbox

        deliver(compose(VERIFICATION, "alice@example.com", LINK), f"smtp://{address}")

        [envelope] = server.received
        assert envelope.rcpt_tos == ["alice@example.com"]
        assert "multipart/alternative" in str(envelope.content)

    def test_gets_no_password_without_tls(self, inbox: tuple[str, Inbox]) -> None:
        address, server = inbox

        with pytest.raises(UnsafeServer):
            deliver(compose(VERIFICATION, "alice@example.com", LINK), f"smtp://user:password@{address}")

        assert server.received == []

    def test_may_refuse_so_that_the_job_fails(self, inbox: tuple[str, Inbox]) -> None:
        address, _ = inbox

        with pytest.raises(smtplib.SMTPDataError):
            deliver(compose(VERIFICATION, "refused@example.com", LINK), f"smtp://{address}")

    def test_knows_no_such_mailbox_which_is_no_reason_to_try_again(self, inbox: tuple[str, Inbox]) -> None:
        address, server = inbox

        deliver(compose(VERIFICATION, "unknown@example.com", LINK), f"smtp://{address}")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            deliver(compose(VERIFICATION, "later@example.com", LINK), f"smtp://{address}")

        assert server.received == []

    def test_must_offer_tls_if_it_is_far_away(self, inbox: tuple[str, Inbox], monkeypatch: pytest.MonkeyPatch) -> None:
        address, server = inbox
        monkeypatch.setattr(transport, "_is_near", lambda _host: False)

        with pytest.raises(UnsafeServer):
            deliver(compose(VERIFICATION, "alice@example.com", LINK), f"smtp://{address}")

        assert server.received == []

    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "mail"])
    def test_may_be_near(self, host: str) -> None:
        assert transport._is_near(host)

    @pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "mail.example.com"])
    def test_may_be_far_away(self, host: str) -> None:
        assert not transport._is_near(host)

    def test_may_be_away(self) -> None:
        with pytest.raises(OSError, match="refused"):
            deliver(compose(VERIFICATION, "alice@example.com", LINK), "smtp://127.0.0.1:1")


class TestMails:
    def test_have_the_link_in_both_parts(self) -> None:
        mail = compose(VERIFICATION, "alice@example.com", LINK)

        assert mail["Subject"] == "Confirm your email address"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert f"\n{LINK}\n" in text_of(mail)
        assert '<a href="https://app.example.com/verify-email?token=a&amp;b">' in text_of(mail, "html")
        assert "Confirm your email address" not in text_of(mail)

    def test_go_to_domains_as_every_server_knows_them(self) -> None:
        assert compose(VERIFICATION, "alice@bücher.example", LINK)["To"] == "alice@xn--bcher-kva.example"

    def test_escape_what_others_have_chosen(self) -> None:
        mail = compose("auth/mails/email_change_notice.txt", "alice@example.com", email="<b>@example.com")

        assert "<b>@example.com" in text_of(mail)
        assert "&lt;b&gt;@example.com" in text_of(mail, "html")

    def test_can_all_be_looked_at(self) -> None:
        subjects = [mail["Subject"] for mail in samples()]

        assert len(set(subjects)) == len(subjects) >= 5
        assert all(f"<h1>{subject}</h1>" in preview_page() for subject in subjects)

    def test_are_printed_in_development(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = MailSettings(environment="development")
        monkeypatch.setattr("{{ cookiecutter.__package }}.mail.service.get_settings", lambda: settings)

        send_mail(VERIFICATION, "alice@example.com", LINK)

        printed = capsys.readouterr().out
        assert "Mail to alice@example.com: Confirm your email address" in printed
        assert LINK in printed


class TestSettings:
    @pytest.mark.parametrize(
        "url",
        [
            "smtp://",
            "http://example.com",
            "example.com",
            "console",
            "smtp://[::1",
            "smtp://:password@host",
            "smtp://user:1/2@host",
        ],
    )
    def test_refuse_a_server_that_is_none(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"should be like smtp://") as refusal:
            MailSettings.model_validate({"mail_url": url})

        assert "input_value" not in str(refusal.value)

    def test_production_needs_a_server(self) -> None:
        with pytest.raises(ValueError, match="MAIL_URL is missing"):
            MailSettings(environment="production")

    @pytest.mark.parametrize("sender", ["@", "Acme, Inc <a@example.com>", "Acme", "a@example.com\nBcc: b@example.com"])
    def test_the_sender_has_an_address(self, sender: str) -> None:
        with pytest.raises(ValueError, match=r"should be like hello@example\.com"):
            MailSettings.model_validate({"mail_from": sender})

    def test_take_what_is_right(self) -> None:
        right = {"mail_from": "Acme <a@b.example>", "mail_url": "smtp://[::1]:25", "public_url": "https://a.example/x/"}

        assert MailSettings.model_validate(right).public_url == "https://a.example/x"

    @pytest.mark.parametrize(
        "url",
        ["ftp://example.com", "example.com", "https://example.com/?page=", "https://", "https:a.b", "https://u@a.b"],
    )
    def test_links_begin_with_a_url(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"should be like https://app\.example\.com"):
            MailSettings.model_validate({"public_url": url})
