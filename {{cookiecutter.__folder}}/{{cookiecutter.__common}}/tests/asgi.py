"""A client for the application in this process, without a server or a socket."""

from collections.abc import Callable
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal


class AsgiTransport(httpx2.BaseTransport):
    """Runs the application in the event loop of `portal`, while the test waits."""

    def __init__(self, app: Callable[..., Any], portal: BlockingPortal) -> None:
        self.transport = httpx2.ASGITransport(app, client=("127.0.0.1", 0), raise_app_exceptions=False)
        self.portal = portal

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.portal.call(self._respond, request, request.read())

    async def _respond(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        sent = httpx2.Request(request.method, request.url, headers=request.headers, content=body)
        response = await self.transport.handle_async_request(sent)
        content = b"".join([chunk async for chunk in response.stream])  # type: ignore[union-attr]
        return httpx2.Response(response.status_code, headers=response.headers, content=content)
