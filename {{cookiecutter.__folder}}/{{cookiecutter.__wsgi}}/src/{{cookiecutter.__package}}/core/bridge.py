"""The WSGI application as an ASGI one: an event loop waits for bodies, so that no thread has to.

Whoever sends a byte a minute would keep a thread for it, and a hundred of them every thread there is.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from sys import stderr
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from .body_stream import Receive, receive_body
from .database_url import CONNECTIONS, PROBE_CONNECTIONS
from .edge import PROBES
from .json_body import MAX_BODY_BYTES, declared_size

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class Bridge:
    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app
        self.threads = ThreadPoolExecutor(CONNECTIONS)
        self.probe_threads = ThreadPoolExecutor(PROBE_CONNECTIONS)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Any) -> None:
        environ = _environ(scope)
        if declared_size(environ.get("CONTENT_LENGTH")) <= MAX_BODY_BYTES:
            environ["wsgi.input"] = BytesIO(await receive_body(receive))
        threads = self.probe_threads if scope["path"] in PROBES else self.threads
        run = copy_context().run
        start, content = await asyncio.get_running_loop().run_in_executor(threads, run, self._respond, environ)
        await send(start)
        await send({"type": "http.response.body", "body": content})

    def _respond(self, environ: "WSGIEnvironment") -> tuple[dict[str, Any], bytes]:
        start: dict[str, Any] = {"type": "http.response.start"}

        def start_response(line: str, headers: list[tuple[str, str]], *_exc_info: Any) -> Any:
            start["status"] = int(line.split()[0])
            start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        response = self.app(environ, start_response)
        try:
            return start, b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()


def _environ(scope: dict[str, Any]) -> "WSGIEnvironment":
    """Of PEP 3333, where text is bytes in Latin-1."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name == b"upgrade":
            continue  # X_Forwarded_For would pass for X-Forwarded-For, and Flask has other routes for websockets.
        variable = name.decode("latin-1").upper().replace("-", "_")
        key = variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
