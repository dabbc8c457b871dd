"""Which machines a URL of somebody else's may lead to: those of the internet, and none of our own network."""

from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, getaddrinfo
from threading import BoundedSemaphore, Thread
from time import monotonic

from pydantic_core import Url

# Gateways translate these to the IPv4 address in the last 32 bits (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")
# Azure answers here from within a machine, though the address is not a private one.
FORBIDDEN = {IPv4Address("168.63.129.16")}
PORTS = {"http": 80, "https": 443}

# A look-up that hangs keeps its thread.
_lookup_slots = BoundedSemaphore(64)


class NotPublic(OSError):
    """The host has an address that is not one of the internet."""


def resolve(url: Url, seconds: float, *, allow_private: bool) -> list[tuple[str, int]]:
    """The addresses of the host, with the port. Raises NotPublic, or another OSError if the host has none, or
    does not have one in time.
    """
    host, port = host_of(url), url.port or PORTS[url.scheme]
    end = monotonic() + seconds
    found: Future[list[str]] = Future()
    if not _lookup_slots.acquire(timeout=max(seconds, 0)):
        raise TimeoutError

    def look_up() -> None:
        try:  # As bytes, because Python would encode a text once more, and refuses some.
            entries = getaddrinfo(host.encode(), port, type=SOCK_STREAM)
            found.set_result(list(dict.fromkeys(str(address[0]) for *_, address in entries)))
        except OSError as error:
            found.set_exception(error)
        finally:
            _lookup_slots.release()

    try:
        Thread(target=look_up, daemon=True).start()  # A name server that is away may take minutes.
    except RuntimeError:
        _lookup_slots.release()
        raise TimeoutError from None
    addresses = found.result(timeout=max(end - monotonic(), 0))
    if not (allow_private or all(map(is_public, addresses))):
        raise NotPublic
    return [(address, port) for address in addresses]


def host_of(url: Url) -> str:
    """A name, or an IP address, whatever way it is written in."""
    return (url.host or "").strip("[]").removesuffix(".")


def is_public(address: str) -> bool:
    ip = _embedded(ip_address(address))
    if ip in FORBIDDEN or ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False):
        return False
    return ip.is_global


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that packets to an IPv6 address end at."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]) or ip
