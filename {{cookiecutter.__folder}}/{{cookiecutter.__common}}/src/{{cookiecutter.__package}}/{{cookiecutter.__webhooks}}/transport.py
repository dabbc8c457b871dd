"""Sends an event to a webhook (https://www.standardwebhooks.com)."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR, create_connection, socket
from threading import Timer
from time import monotonic

from pydantic_core import Url
from standardwebhooks import Webhook

from ..core.settings import SERVICE
from ..telemetry.service import outgoing_request
from .addresses import NotPublic, host_of, resolve
from .deliveries import Answer, Attempt

# For all of it: the name server, the connection, the request, and the response up to its body, which is not read.
TIMEOUT_SECONDS = 10.0


def send(attempt: Attempt, *, allow_private: bool) -> Answer:
    """Follows no redirect."""
    body = attempt.event.model_dump_json()
    try:
        return _post(Url(attempt.url), body.encode(), _headers(attempt, body), allow_private=allow_private)
    except NotPublic:
        return Answer(fault="forbidden_address")
    except TimeoutError:
        return Answer(fault="timeout")
    except (OSError, HTTPException, ValueError) as error:  # ValueError: a name that can not be one, in TLS.
        return Answer(fault=type(error).__name__)


def _headers(attempt: Attempt, body: str) -> dict[str, str]:
    now = datetime.now(UTC)
    event_id = str(attempt.event.id)
    return {
        "Content-Type": "application/json",
        "User-Agent": SERVICE,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(event_id, now, body) for secret in attempt.secrets),
    }


def _post(url: Url, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> Answer:
    end = monotonic() + TIMEOUT_SECONDS
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    with (
        outgoing_request("POST", host_of(url)) as outgoing,
        closing(_connect(url, end, allow_private=allow_private)) as connection,
        _ended_at(end, connection.sock),
    ):
        connection.request("POST", target, body, {**headers, **outgoing.headers})
        with connection.getresponse() as response:
            _seconds_left(end)  # A response that was cut off looks like one that has ended.
            outgoing.status = response.status
            return Answer(response.status, _seconds(response.headers.get("Retry-After", "")))


def _connect(url: Url, end: float, *, allow_private: bool) -> HTTPConnection:
    """To an address that has been checked: when the name is looked up again, it may have another one."""
    host = host_of(url)
    is_secure = url.scheme == "https"
    connection = HTTPSConnection(host, url.port, context=_tls()) if is_secure else HTTPConnection(host, url.port)
    connection.sock = _open(resolve(url, _seconds_left(end), allow_private=allow_private), end)
    if is_secure:
        with _closed_on_error(connection):
            connection.sock.settimeout(_seconds_left(end))
            connection.sock = _tls().wrap_socket(connection.sock, server_hostname=host)
    return connection


def _open(addresses: list[tuple[str, int]], end: float) -> socket:
    """Leaves time for the others if one does not answer."""
    for untried, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            return create_connection(address, timeout=_seconds_left(end) / untried)
        except OSError:
            if untried == 1:
                raise
    raise OSError("no address")


@contextmanager
def _closed_on_error(connection: HTTPConnection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


@contextmanager
def _ended_at(end: float, connected: socket) -> Iterator[None]:
    """Also if a byte arrives now and then. Raises TimeoutError."""
    connected.settimeout(_seconds_left(end))
    timer = Timer(_seconds_left(end), _shut_down, [connected])
    timer.start()
    try:
        yield
    except (OSError, HTTPException):
        if monotonic() >= end:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _shut_down(connected: socket) -> None:
    with suppress(OSError):
        socket.shutdown(connected, SHUT_RDWR)  # That of a TLS socket would change what another thread is using.


def _seconds_left(end: float) -> float:
    """Raises TimeoutError."""
    if (left := end - monotonic()) <= 0:
        raise TimeoutError
    return left


@cache
def _tls() -> ssl.SSLContext:
    """One per process, because loading the CA certificates takes 40 ms."""
    return ssl.create_default_context()


def _seconds(retry_after: str) -> float:
    """Of a Retry-After header: a number, or a date (RFC 9110). 0 if it is neither."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10:
        return float(retry_after)
    with suppress(ValueError, TypeError, OverflowError):
        return max((parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds(), 0)
    return 0
