"""The server, granian, for production and development.

In production this module is a program of its own, whose process stays as small as granian: it imports no settings.
"""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from .core.logging import logging_config

APPLICATION = "{{ cookiecutter.__application }}"
STOP_SECONDS = 8  # Docker waits for 10.
HEAD_SECONDS = 10  # For the head of a request, also of the next one on the same connection.
CONNECTIONS = 8192  # Open ones of a worker, most of them idle. Others wait until one is closed.


def serve(host: str, port: int, workers: int, log_level: str, log_as_json: bool, reload: bool = False) -> None:
    """Blocks until SIGINT or SIGTERM. Then answers the requests whose body has arrived, for at most STOP_SECONDS."""
    if reload:
        # A forked worker would keep the modules that this process has loaded, as they were before the change.
        multiprocessing.set_start_method("spawn")
    elif hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_signal_handlers)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets={{ cookiecutter.framework == "fastapi" }},
        # With HTTP/2 the server would wait without a limit for the first bytes, to see which version they are.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000),
        backpressure=CONNECTIONS,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.info,
        log_dictconfig=logging_config(log_level, log_as_json),
        respawn_failed_workers=True,
        reload=reload,
        reload_paths=[Path(__file__).parents[1]],
        reload_ignore_worker_failure=True,  # After a change that fails to start, it waits for the next change.
    )
    if reload:
        server.on_startup(_stop_with_the_terminal)
    server.serve()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Another signal would only change the exit code.


def _forget_signal_handlers() -> None:
    """A forked worker inherits the server's handlers, which would only keep a signal from ending the worker."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # A terminal sends it to the server too, which ends its workers.


def _stop_with_the_terminal() -> None:
    """Otherwise SIGHUP would restart the workers, and they would outlive the terminal."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))


if __name__ == "__main__":
    _host, _port, _workers, _log_level, _log_format = sys.argv[1:]
    serve(_host, int(_port), int(_workers), _log_level, _log_format == "json")
