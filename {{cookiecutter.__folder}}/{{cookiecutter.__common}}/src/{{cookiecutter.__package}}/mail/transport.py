"""Where mails go: to an SMTP server, to the terminal, or nowhere."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote

from pydantic_core import Url

TIMEOUT_SECONDS = 10.0
PORTS = {"smtp": 587, "smtps": 465}


class UnsafeServer(Exception):
    """It would get the password in plain text."""


def deliver(mail: EmailMessage, server: str) -> None:
    """`server` is a MAIL_URL. Raises OSError, of which the errors of SMTP are a kind, or UnsafeServer."""
    if server == "console:":
        text = mail.get_body(("plain",))
        print(f"\nMail to {mail['To']}: {mail['Subject']}\n\n{text.get_content() if text else ''}", flush=True)
    elif server != "none:":
        _send(mail, Url(server))


def _send(mail: EmailMessage, url: Url) -> None:
    host, port = url.host or "", url.port or PORTS[url.scheme]
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo()
        if url.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        if url.username:
            if not isinstance(connection.sock, ssl.SSLSocket):
                raise UnsafeServer("The mail server offers no TLS, so it does not get the password.")
            connection.login(unquote(url.username), unquote(url.password or ""))
        connection.send_message(mail)
