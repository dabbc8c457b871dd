"""The edge of the service as ASGI middleware."""

from anyio.to_thread import current_default_thread_limiter, run_sync
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .database_url import CONNECTIONS
from .edge import Exchange
from .problems import ProblemResponse
from .rate_limits import ApiLimit
from .settings import Settings


class EdgeMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.api_limit = ApiLimit(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            current_default_thread_limiter().total_tokens = CONNECTIONS
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            known = headers.get(key := name.decode("latin-1"))
            headers[key] = f"{known}, {value.decode('latin-1')}" if known is not None else value.decode("latin-1")
        scope["headers"] = _encoded(headers)  # Nobody behind may take one of two for the only one.
        peer, _ = scope["client"] or ("", 0)
        exchange = Exchange(
            scope["method"], scope["path"], lambda name: headers.get(name.lower()), peer, self.settings, self.api_limit
        )
        scope["client"] = (exchange.address, 0)
        status = None

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _encoded(exchange.response_headers(message["status"])) if pair[0] not in own),
                ]
            await send(message)

        try:
            # Counting in Redis waits for an answer, which the event loop must not.
            early = await run_sync(exchange.early_response) if self.api_limit.blocks else exchange.early_response()
            if early:
                await _respond(early, send_with_headers)
            else:
                await self.app(scope, receive, send_with_headers)
        except Exception as error:
            if status is not None:
                raise  # The response is under way: the server can only break it off.
            await _respond(exchange.failure(error), send_with_headers)
        finally:
            exchange.log(status or 500, getattr(scope.get("route"), "path", None))


async def _respond(response: ProblemResponse, send: Send) -> None:
    headers = _encoded(response.headers | {"Content-Length": str(len(response.body))})
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
