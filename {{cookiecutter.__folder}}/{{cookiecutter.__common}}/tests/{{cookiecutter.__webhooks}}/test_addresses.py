"""Which addresses events are sent to."""

import socket
from typing import Any

import httpx2
import pytest
from pydantic_core import Url

from {{ cookiecutter.__package }}.webhooks.addresses import NotPublic, is_public, resolve

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1.:8080/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.8/",
    "http://198.18.0.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_one_that_is_not_public_is_refused(admin: httpx2.Client, url: str) -> None:
    response = admin.post("/api/v1/webhooks", json={"url": url})

    assert (response.status_code, response.json()["code"]) == (422, "forbidden_address")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_one_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


class TestResolve:
    @pytest.fixture
    def name_server(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What it says of each name."""
        addresses: list[str] = []

        def look_up(_host: bytes, port: int, **_options: object) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.addresses.getaddrinfo", look_up)
        return addresses

    def test_refuses_a_name_with_one_address_that_is_not_public(self, name_server: list[str]) -> None:
        name_server += ["8.8.8.8", "10.0.0.1"]

        with pytest.raises(NotPublic):
            resolve(Url("https://example.com"), 1, allow_private=False)

    def test_gives_all_addresses_once_with_the_port(self, name_server: list[str]) -> None:
        name_server += ["8.8.8.8", "8.8.4.4", "8.8.8.8"]

        found = resolve(Url("https://example.com/x"), 1, allow_private=False)

        assert found == [("8.8.8.8", 443), ("8.8.4.4", 443)]

    def test_does_not_wait_for_a_name_server_for_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        release = socket.socketpair()

        def look_up(*_arguments: object, **_options: object) -> list[Any]:
            release[0].recv(1)
            return []

        monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.addresses.getaddrinfo", look_up)

        with pytest.raises(TimeoutError):
            resolve(Url("https://example.com"), 0.05, allow_private=False)
        for end in release:
            end.close()

    def test_knows_no_address_of_a_name_that_can_not_be(self) -> None:
        with pytest.raises(socket.gaierror):
            resolve(Url(f"https://{'x' * 70}.invalid/"), 5, allow_private=False)
