"""Whose request it is, as far as the network tells."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

type Network = IPv4Network | IPv6Network


def client_address(peer: str, forwarded_for: str | None, trusted: Collection[Network]) -> str:
    """`peer`, or the first address before it that no trusted proxy has.

    X-Forwarded-For grows to the right, so that only what a trusted proxy has appended counts: the rest is hearsay.
    """
    address = peer
    hops = (forwarded_for or "").split(",")
    while hops and _is_trusted(address, trusted) and _parsed(hop := hops.pop().strip()):
        address = hop
    return address


def network_of(address: str) -> str:
    """What limits count: the address, or of IPv6 the /64, since whoever has one of its addresses has all of them."""
    match _parsed(address):
        case IPv6Address() as parsed:
            return str(ip_network((parsed, 64), strict=False))
        case IPv4Address() as parsed:
            return str(parsed)
        case None:
            return address  # A socket of another kind.


def _is_trusted(address: str, trusted: Collection[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])  # What follows names an interface of a machine elsewhere.
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
