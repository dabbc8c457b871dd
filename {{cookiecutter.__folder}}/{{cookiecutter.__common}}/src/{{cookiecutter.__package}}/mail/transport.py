"""Where mails go: to an SMTP server, to the terminal, or nowhere."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from urllib.parse import unquote

import structlog
from pydantic_core import Url

log = structlog.get_logger()

TIMEOUT_SECONDS = 10.0
PORTS = {"smtp": 587, "smtps": 465}


class UnsafeServer(Exception):
    """The mail, and the password for the server, would travel in plain text."""


def deliver(mail: EmailMessage, server: str) -> None:
    """`server` is a MAIL_URL. Raises OSError, of which the errors of SMTP are a kind, or UnsafeServer. That there is no
    such mailbox is no error: to try again would not help.
    """
    if server == "console:":
        text = mail.get_body(("plain",))
        print(f"\nMail to {mail['To']}: {mail['Subject']}\n\n{text.get_content() if text else ''}", flush=True)
    elif server != "none:":
        _send(mail, Url(server))


def _send(mail: EmailMessage, url: Url) -> None:
    host, port = (url.host or "").strip("[]"), url.port or PORTS[url.scheme]
    if url.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=_tls())
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo()
        if url.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=_tls())
            connection.ehlo()
        if not isinstance(connection.sock, ssl.SSLSocket) and (url.username or not _is_near(host)):
            raise UnsafeServer("The mail server offers no TLS.")
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _reason)] = error.recipients.values()
            if code < 500:
                raise
            log.warning("mailbox_refused", code=code)


@cache
def _tls() -> ssl.SSLContext:
    """One per process, because loading the CA certificates takes 40 ms."""
    return ssl.create_default_context()


def _is_near(host: str) -> bool:
    """On this machine, or a container beside this one: its name has no dot."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return "." not in host
