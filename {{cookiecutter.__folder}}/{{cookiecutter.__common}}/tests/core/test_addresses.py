"""Whose request it is."""

from ipaddress import ip_network

import pytest

from {{ cookiecutter.__package }}.core.addresses import client_address, network_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7,10.9.9.9", "198.51.100.7"),
        ("2001:db8::1", "2001:db8::2", "2001:db8::2"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("a socket", "198.51.100.7", "a socket"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded_for: str | None, client: str) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:7:1234::1", "2001:db8:0:7::/64"),
        ("a socket", "a socket"),
    ],
)
def test_limits_count_networks(address: str, network: str) -> None:
    assert network_of(address) == network
