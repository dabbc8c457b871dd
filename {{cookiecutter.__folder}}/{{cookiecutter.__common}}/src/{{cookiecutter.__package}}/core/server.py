"""The production server, granian, which also serves development."""

import multiprocessing
import socket
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .logging import logging_config
from .settings import ROOT, get_settings

APPLICATION = "{{ cookiecutter.__application }}"
INTERFACE = Interfaces.{{ cookiecutter.__interface }}
THREADS = 40


def serve(host: str, port: int, workers: int = 1, reload: bool = False) -> None:
    """Blocks until SIGINT or SIGTERM; requests that were accepted are answered first."""
    _refuse_a_taken_port(host, port)
    if reload:
        # A forked worker would come with the modules that this process has loaded, as they were before the change.
        multiprocessing.set_start_method("spawn")
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=INTERFACE,
        workers=workers,
        blocking_threads=None if INTERFACE == Interfaces.ASGI else THREADS,
        log_level=LogLevels.info,
        log_dictconfig=logging_config(get_settings()),
        reload=reload,
        reload_paths=[ROOT / "src"],
    ).serve()


def _refuse_a_taken_port(host: str, port: int) -> None:
    """The server would share it without a word."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        sys.exit(f"{host}:{port}: {error.strerror}")
