"""The service as it runs in production: its command, its server, a socket."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import httpx2
import pytest
from pydantic import SecretStr

from {{ cookiecutter.__package }}.core.settings import EnvironmentSettings

COMMAND = [sys.executable, "-m", "{{ cookiecutter.__package }}"]


@dataclass
class Server:
    process: subprocess.Popen[str]
    log: IO[str]
    url: str

    def stop(self) -> str:
        """Returns its log."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=15)
        return self.written()

    def written(self) -> str:
        self.log.seek(0)
        return self.log.read()


# For every secret of the service and of its features.
SECRETS = {
    name.upper(): "of-this-test-and-long-enough-for-production"
    for kind in EnvironmentSettings.__subclasses__()
    for name, field in kind.model_fields.items()
    if field.annotation is SecretStr
}


@contextmanager
def serving(database_url: str, workers: str = "2", **settings: str) -> Iterator[Server]:
    """Fails the test if the service does not stop with exit code 0."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "ENVIRONMENT": "production",
        "DATABASE_URL": database_url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "MAIL_URL": "none:",
        **SECRETS,
        **settings,
    }
    command = [*COMMAND, "serve", "--port", str(port), "--workers", workers]
    with (
        TemporaryFile("w+") as log,  # A pipe would fill up and block the server.
        subprocess.Popen(command, env=environment, stderr=log, text=True) as process,
    ):
        server = Server(process, log, f"http://127.0.0.1:{port}")
        try:
            _wait_for(server)
            yield server
        finally:
            if process.poll() is None:
                server.stop()
    assert process.returncode == 0


def _wait_for(server: Server) -> None:
    for _ in range(200):
        try:
            httpx2.get(f"{server.url}/healthz").raise_for_status()
            return
        except httpx2.ConnectError:
            assert server.process.poll() is None, server.written()
            time.sleep(0.05)
    pytest.fail("the server did not start")
