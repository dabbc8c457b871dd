"""Catches the mails of a test, instead of sending them."""

from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest

from {{ cookiecutter.__package }}.mail import service

from ..jobs.running import run_due_jobs


class Mailbox:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mails: list[EmailMessage] = []
        monkeypatch.setattr(service, "deliver", lambda mail, _server: self.mails.append(mail))

    def read(self) -> list[tuple[str, str]]:
        """What has come since the last call: to whom, and the subject."""
        run_due_jobs()
        mails, self.mails = self.mails, []
        return [(mail["To"], mail["Subject"]) for mail in mails]

    def token(self) -> str:
        """In the link of the only mail that has one and has come since the last call."""
        run_due_jobs()
        [link] = [line for mail in self.mails for line in text_of(mail).splitlines() if line.startswith("http")]
        self.mails = []
        return parse_qs(urlsplit(link).query)["token"][0]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    content: str = part.get_content()
    return content
