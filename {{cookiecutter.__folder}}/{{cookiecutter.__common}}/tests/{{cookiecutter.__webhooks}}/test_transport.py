"""How a request is sent, without the service around it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.events.schemas import EventRead
from {{ cookiecutter.__package }}.webhooks import transport
from {{ cookiecutter.__package }}.webhooks.deliveries import Answer, Attempt

from .receiver import receiving, status


def attempt(url: str) -> Attempt:
    now = datetime.now(UTC)
    event = EventRead(id=uuid7(), type="note.created", created_at=now, data={})
    return Attempt(uuid7(), uuid7(), url, ["whsec_c2VjcmV0"], event, until=now, next_attempt_at=now)


def send(url: str) -> Answer:
    return transport.send(attempt(url), allow_private=True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1 and nobody else, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    format_ = serialization.PrivateFormat.PKCS8
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, format_, plain)
    )
    return path


@pytest.fixture
def secure_url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False) as secure,
    ):

        def serve() -> None:
            connection, _ = secure.accept()
            with connection, suppress(OSError):
                connection.do_handshake()
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                while connection.recv(10_000):  # Until the client closes: to close before would reset the connection.
                    pass

        Thread(target=serve, daemon=True).start()
        yield f"https://127.0.0.1:{secure.getsockname()[1]}/hook"


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(transport, "_tls", lambda: context)


class TestTls:
    @pytest.mark.usefixtures("trusted")
    def test_is_spoken(self, secure_url: str) -> None:
        assert send(secure_url) == Answer(204)

    def test_needs_a_certificate_that_somebody_vouches_for(self, secure_url: str) -> None:
        assert send(secure_url) == Answer(fault="SSLCertVerificationError")

    @pytest.mark.usefixtures("trusted")
    def test_needs_one_of_the_host_of_the_url(self, secure_url: str) -> None:
        assert send(secure_url.replace("127.0.0.1", "localhost")) == Answer(fault="SSLCertVerificationError")

    def test_that_never_begins_ends_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            started = monotonic()

            assert send(f"https://127.0.0.1:{listener.getsockname()[1]}/") == Answer(fault="timeout")
            assert monotonic() - started < 1


class TestAddresses:
    def test_are_tried_one_after_the_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            nobody = listener.getsockname()
        with receiving() as receiver:
            receiver.will(status(204))
            port = int(receiver.url.split(":")[2].split("/")[0])
            monkeypatch.setattr(transport, "resolve", lambda *_, **__: [nobody, ("127.0.0.1", port)])

            assert send(receiver.url) == Answer(204)

    @pytest.mark.parametrize("addresses", [[], [("127.0.0.1", 1)]])
    def test_may_be_none(self, addresses: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transport, "resolve", lambda *_, **__: addresses)

        answer = send("http://example.com/")

        assert (answer.status, answer.is_success) == (None, False)
        assert answer.fault
