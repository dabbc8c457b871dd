"""A receiver of webhooks on this machine, which answers as a test says."""

import socket
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

from standardwebhooks import Webhook

type Answer = Callable[[socket.socket], None]


def says(text: str) -> Answer:
    """Bytes that need not be HTTP."""
    return lambda connection: connection.sendall(text.encode())


def status(code: int, **headers: str) -> Answer:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return says(f"HTTP/1.1 {code} Whatever\r\nContent-Length: 0\r\n{lines}\r\n")


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.02)


def nothing(connection: socket.socket) -> None:
    """Until the client gives up."""
    connection.recv(1)


@dataclass
class Received:
    target: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The event. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)

    @property
    def signatures(self) -> list[bytes]:
        return [b64decode(each.removeprefix("v1,")) for each in self.headers["webhook-signature"].split()]


class Receiver:
    def __init__(self, listener: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook?key=1"
        self.received: list[Received] = []
        self.answers: list[Answer] = []  # The last one is given again and again.
        Thread(target=self._accept, args=[listener], daemon=True).start()

    def will(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            target = lines.readline().decode().split()[1]
            headers = {}
            while (line := lines.readline().decode().strip()) != "":
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            self.received.append(Received(target, headers, lines.read(int(headers["content-length"]))))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            answer(connection)


@contextmanager
def receiving() -> Iterator[Receiver]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Receiver(listener)
        listener.shutdown(socket.SHUT_RDWR)
