"""The production server, granian, which also serves development."""

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
