"""A worker of the server, which has to hear that it should stop.

Its main thread waits for a lock, and a signal that some other thread gets does not wake it: under load one SIGTERM in
four was lost. So no thread gets signals, and one asks for them.
"""

import os
import signal
from importlib import import_module
from threading import Thread
from typing import Any

# {{ "Each may hold a connection to the database." if cookiecutter.framework == "django" and cookiecutter.database == "postgres" else "Many may wait for their turn to hash a password, and leave threads for others." }}
THREADS = {{ 40 if cookiecutter.framework == "django" and cookiecutter.database == "postgres" else 128 }}
SIGNALS = {signal.SIGINT, signal.SIGTERM}


def load(target: str) -> Any:
    """The application at `module:name`. Called in the worker while it has no other thread."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        Thread(target=_stop_when_told, daemon=True).start()
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _stop_when_told() -> None:
    while signal.sigwait(SIGNALS) != signal.SIGTERM:
        """SIGINT comes from a terminal, and to the server too, which then sends SIGTERM."""
    handler = signal.getsignal(signal.SIGTERM)
    if callable(handler):
        handler(signal.SIGTERM, None)
    else:
        os._exit(0)  # Not serving yet.
