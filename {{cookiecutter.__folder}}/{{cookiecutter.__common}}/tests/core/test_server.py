"""Connections that keep the server waiting."""

import socket
from time import monotonic

import pytest

from {{ cookiecutter.__package }}.server import HEAD_SECONDS

from ..database import Database
from ..server import serving

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.slow
def test_a_request_that_does_not_begin_or_end_in_time_loses_its_connection(database: Database) -> None:
    beginnings = {
        "nothing": b"",
        "half a head": REQUEST[:-2],
        "half a preface of HTTP/2": b"PRI * HTTP/2.0\r\n",
        "a preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "one request": REQUEST,
        "one request and half another": REQUEST + REQUEST[:-2],
    }

    with serving(database.url) as server:
        host, port = server.url.removeprefix("http://").split(":")
        connections = {name: socket.create_connection((host, int(port))) for name in beginnings}
        for name, connection in connections.items():
            connection.sendall(beginnings[name])
        deadline = monotonic() + HEAD_SECONDS + 2
        still_open = [name for name, connection in connections.items() if not _ends(connection, deadline)]

    assert still_open == []


def _ends(connection: socket.socket, deadline: float) -> bool:
    with connection:
        try:
            while True:
                connection.settimeout(max(deadline - monotonic(), 0.01))
                if not connection.recv(65_536):
                    return True
        except TimeoutError:
            return False
        except ConnectionError:
            return True
