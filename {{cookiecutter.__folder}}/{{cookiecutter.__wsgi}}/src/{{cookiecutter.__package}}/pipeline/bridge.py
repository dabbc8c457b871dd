"""Runs the WSGI application behind ASGI: each request runs in one thread."""

import re
from collections.abc import Iterable
from contextvars import copy_context
from functools import partial
from io import BytesIO
from itertools import chain
from sys import stderr
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ..core.database import PROBE_THREADS, THREADS
from ..core.http import SAFE_METHODS
from .bodies import Receive
from .middleware import PROBES, Message, Scope, Send, client_of
from .streams import Stream
from .threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# Beside the threads of requests, because a stream may last. Few, because each may hold a connection to the database.
STREAMS = 20
# What the frameworks' parsers accept. For other values they raise all kinds of errors.
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;\s*[\w.-]+=([\w.+:/'()?=-]+|\"[\w .+:/'()?=-]*\"))*", re.ASCII)


class Bridge:
    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app
        self.threads = Threads(THREADS, STREAMS)
        self.probe_threads = Threads(PROBE_THREADS, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._start_and_stop(receive, send)
            return
        environ = _environ(scope, await _body(receive))
        threads = self.probe_threads if scope["path"] in PROBES else self.threads
        async with Stream(threads, receive, send) as stream:
            rest = await threads.run(partial(copy_context().run, self._respond, environ, stream))
        for message in rest:
            await send(message)

    async def _start_and_stop(self, receive: Receive, send: Send) -> None:
        """What has begun ends before the server does. A WSGI application is told of neither."""
        while (kind := (await receive())["type"]) != "lifespan.shutdown":
            await send({"type": f"{kind}.complete"})
        for threads in (self.threads, self.probe_threads):
            await threads.finish()
        await send({"type": f"{kind}.complete"})

    def _respond(self, environ: "WSGIEnvironment", stream: Stream) -> list[Message]:
        """Returns what is to be sent: nothing of a response that has been streamed."""
        start: Message = {"type": "http.response.start"}

        def start_response(line: str, headers: list[tuple[str, str]], *_exc_info: Any) -> Any:
            start["status"] = int(line.split()[0])
            start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        response = self.app(environ, start_response)
        try:
            if "route" in (scope := environ["asgi.scope"]):
                scope["route"] = route_pattern(scope["route"])
            chunks = iter(response)
            # What the request has written is committed: only a request that writes nothing can be refused.
            may_refuse = environ["REQUEST_METHOD"] in SAFE_METHODS
            if _may_last(response, start):
                stream.begin(may_refuse=may_refuse)
            # Until there is a chunk, nothing is sent: an exception can still become a problem.
            first = next(filter(None, chunks), b"")
            if not _is_whole(response, first, start):
                stream.begin(may_refuse=may_refuse)
                stream.send(start, chain([first], chunks))
                return []
            content = first + b"".join(chunks)
        finally:
            if hasattr(response, "close"):
                response.close()
        if start["status"] in {202, 204} and not content:
            start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-type"]
        if start["status"] not in {204, 304} and b"content-length" not in dict(start["headers"]):
            start["headers"].append((b"content-length", str(len(content)).encode()))
        return [start, {"type": "http.response.body", "body": content}]


def route_pattern(rule: str) -> str:
    """As the contract writes it: `/users/{user_id}` for `/users/<id:user_id>`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _is_whole(response: Iterable[bytes], first: bytes, start: Message) -> bool:
    """Whether `first` is all of it, or there is no reason to stream it: Django's responses say so themselves."""
    if not getattr(response, "streaming", True) or not first or start["status"] in {204, 304}:
        return True
    return dict(start["headers"]).get(b"content-length") == str(len(first)).encode()


def _may_last(response: Iterable[bytes], start: Message) -> bool:
    """Whether even the first chunk may take long. Flask knows the length of a response that does not."""
    return getattr(response, "streaming", b"content-length" not in dict(start.get("headers", [])))


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _environ(scope: Scope, body: bytes) -> "WSGIEnvironment":
    """The environ of PEP 3333, where text is bytes in Latin-1."""
    environ: dict[str, Any] = {
        # Otherwise both frameworks would accept `get` for GET.
        "REQUEST_METHOD": scope["method"] if scope["method"].isupper() else "UNKNOWN",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": client_of(scope),
        "asgi.scope": scope,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name == b"upgrade":
            continue  # X_Forwarded_For would look like X-Forwarded-For, and Flask has other routes for WebSockets.
        environ["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    media_type = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_TYPE"] = media_type if len(media_type) <= 200 and _MEDIA_TYPE.fullmatch(media_type) else ""
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
