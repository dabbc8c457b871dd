"""Writes mails from templates and sends them. Only jobs call it: a request must not wait for a mail server."""

from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from urllib.parse import urlencode

from email_validator import validate_email

from ..core.settings import get_settings as get_service_settings
from ..features import FEATURES
from ..system.contract import contract
from .rendering import PACKAGE, render
from .settings import get_settings
from .transport import deliver

LAYOUT = "mail/layout.html"


def send_mail(template: str, to: str, link: str | None = None, **context: object) -> None:
    """`template` is like "auth/mails/verification.txt". Raises OSError or UnsafeServer."""
    deliver(compose(template, to, link, **context), get_settings().server.get_secret_value())


def compose(template: str, to: str, link: str | None = None, **context: object) -> EmailMessage:
    """The template is plain text, and its first line is the subject. The HTML part is the layout around its paragraphs;
    one that is the link can be clicked.
    """
    title: str = contract()["info"]["title"]
    subject, _, text = render(template, service=title, link=link, **context).partition("\n\n")
    sender = get_settings().mail_from or str(Address(title, addr_spec=f"no-reply@{_host()}"))
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = _in_ascii(to)
    mail["Subject"] = subject.strip()
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    mail["Auto-Submitted"] = "auto-generated"  # Keeps absence notes from answering (RFC 3834).
    mail.set_content(text)
    mail.add_alternative(render(LAYOUT, paragraphs=text.strip().split("\n\n"), link=link), subtype="html")
    return mail


def link_to(page: str, **parameters: str) -> str:
    """A page of the client, below PUBLIC_URL."""
    return f"{get_settings().public_url or _own_url()}/{page}?{urlencode(parameters)}"


def preview_page() -> str:
    """Every mail that the service can send, to look at in development."""
    return "\n<hr>\n".join(f"<h1>{escape(mail['Subject'])}</h1>\n{html_of(mail)}" for mail in samples())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    return str(part.get_content()) if part else ""


def samples() -> Iterator[EmailMessage]:
    for path in [path for feature in FEATURES for path in sorted((PACKAGE / feature / "mails").glob("*.txt"))]:
        template = path.relative_to(PACKAGE).as_posix()
        yield compose(template, "alice@example.com", link_to("page", token="the-token"), email="new@example.com")


def _in_ascii(email: str) -> str:
    """As every mail server takes it, if the part before the @ allows that."""
    return validate_email(email, check_deliverability=False, test_environment=True).ascii_email or email


def _host() -> str:
    return next(iter(get_service_settings().allowed_hosts), "localhost")


def _own_url() -> str:
    settings = get_service_settings()
    return f"https://{_host()}" if settings.production else f"http://localhost:{settings.port}"
