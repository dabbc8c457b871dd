"""The production server, granian, which also serves development."""

import multiprocessing
import os
import signal

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from .core.logging import logging_config
from .core.settings import ROOT, get_settings

APPLICATION = "{{ cookiecutter.__application }}"
STOP_SECONDS = 8  # Docker waits for 10.
HEAD_SECONDS = 10  # For the head of a request to come, the next one on the same connection too.


def serve(host: str, port: int, workers: int = 1, reload: bool = False) -> None:
    """Blocks until SIGINT or SIGTERM; requests whose body has come are answered first, in STOP_SECONDS at most."""
    if reload:
        # A forked worker would come with the modules that this process has loaded, as they were before the change.
        multiprocessing.set_start_method("spawn")
    elif hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_signal_handlers)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.{{ cookiecutter.__interface }},
        workers=workers,
        websockets={{ cookiecutter.framework == "fastapi" }},
        # To find out whether a connection is HTTP/2, the server would wait for its first bytes without end.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000),
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.info,
        log_dictconfig=logging_config(get_settings()),
        respawn_failed_workers=True,
        reload=reload,
        reload_paths=[ROOT / "src"],
        reload_ignore_worker_failure=True,  # A change that does not run waits for the next one.
    )
    if reload:
        server.on_startup(_stop_with_the_terminal)
    server.serve()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # All is done: one more would only spoil the exit code.


def _forget_signal_handlers() -> None:
    """A worker is born with those of the server, which would do nothing there but keep a signal from ending it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # From a terminal it comes to the server too, which ends its workers.


def _stop_with_the_terminal() -> None:
    """Else SIGHUP would start the workers anew, and nobody be left to stop them."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
