"""WebSockets pass the same middleware as other requests: they begin as a GET, which may be refused (RFC 6455, 4).

`Handshake` stands first in the list of middleware and shows the others a GET; `WebSocket` stands last and opens it.
"""

from asyncio import Event

from ..core.errors import Forbidden
from ..core.problems import problem_response
from ..core.settings import Settings
from .bodies import Receive
from .middleware import App, Message, Scope, Send, respond


class Handshake:
    def __init__(self, app: App, _settings: Settings) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        messages = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive_request() -> Message:
            if not messages:
                await Event().wait()  # There is nothing more to come.
            return messages.pop()

        async def send_refusal(message: Message) -> None:
            prefix = "websocket." if message["type"].startswith("http.") else ""
            await send({**message, "type": prefix + message["type"]})

        request = {**scope, "type": "http", "method": "GET", "receive_from_websocket": receive}
        await self.app(request, receive_request, send_refusal)


class WebSocket:
    def __init__(self, app: App, _settings: Settings) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "receive_from_websocket" not in scope:
            await self.app(scope, receive, send)
            return
        is_open, has_route = False, True

        async def send_to_websocket(message: Message) -> None:
            nonlocal is_open, has_route
            match message["type"]:
                case "websocket.close" if not is_open:
                    has_route = "endpoint" in scope
                    if has_route:
                        await respond(problem_response(Forbidden("It is refused."), scope["path"]), scope, send)
                case "websocket.accept":
                    is_open = True
                    await send({**message, "status": 101})  # For the access log.
                case "websocket.http.response.start" if is_open:
                    await send({"type": "websocket.close", "code": 1011})  # An error after the start has no response.
                case "websocket.http.response.body" if is_open:
                    pass
                case name:
                    await send({**message, "type": name.replace("websocket.http.", "http.")})

        scope.update(type="websocket", method="WEBSOCKET")
        await self.app(scope, scope["receive_from_websocket"], send_to_websocket)
        if not has_route:
            scope.update(type="http", method="GET")
            await self.app(scope, receive, send)  # As a request that does not ask for a WebSocket.
