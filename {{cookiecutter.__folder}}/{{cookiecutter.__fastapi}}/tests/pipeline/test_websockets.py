"""WebSockets pass the same middleware as other requests."""

import json
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI, WebSocket

from {{ cookiecutter.__package }}.app import create_app
from {{ cookiecutter.__package }}.auth.dependencies import SignedIn
from {{ cookiecutter.__package }}.core.database import get_engine
from {{ cookiecutter.__package }}.core.errors import NotFound
from {{ cookiecutter.__package }}.pipeline.middleware import Message

from ..accounts import Account
from ..database import Database

REFUSAL = "websocket.http.response.start"


@pytest.fixture
def app(database: Database) -> FastAPI:
    app = create_app()

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    @app.websocket("/connections")
    async def count_connections(websocket: WebSocket, _current_user: SignedIn) -> None:
        await websocket.accept()
        await websocket.send_text(str(get_engine().pool.checkedout()))  # type: ignore[attr-defined]
        await websocket.close()

    @app.websocket("/closed")
    async def refuse(websocket: WebSocket) -> None:
        await websocket.close()

    @app.websocket("/late")
    async def fail(websocket: WebSocket) -> None:
        await websocket.accept()
        raise NotFound

    return app


class Conversation:
    """Opens a WebSocket as a server does, says hello, and keeps the answers."""

    def __init__(self, portal: BlockingPortal, app: FastAPI, path: str, **headers: str) -> None:
        self.questions: list[Message] = [{"type": "websocket.receive", "text": "hello"}, {"type": "websocket.connect"}]
        self.answers: list[Message] = []
        scope: dict[str, Any] = {
            "type": "websocket",
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [
                (name.lower().encode(), value.encode()) for name, value in ({"host": "testserver"} | headers).items()
            ],
            "client": ("127.0.0.1", 1),
        }

        async def talk() -> None:
            await app(scope, self.receive, self.send)

        portal.call(talk)

    async def receive(self) -> Message:
        return self.questions.pop()

    async def send(self, message: Message) -> None:
        self.answers.append(message)

    @property
    def refusal(self) -> tuple[int, str]:
        start, body = self.answers
        assert start["type"] == REFUSAL
        assert b"x-request-id" in dict(start["headers"])
        return start["status"], json.loads(body["body"]).get("code")


def test_one_is_opened(portal: BlockingPortal, app: FastAPI) -> None:
    opened, said, _closed = Conversation(portal, app, "/echo").answers

    assert opened["type"] == "websocket.accept"
    assert said["text"] == "hello"


def test_one_for_no_host_is_refused(portal: BlockingPortal, app: FastAPI) -> None:
    assert Conversation(portal, app, "/echo", host="").refusal == (400, "invalid_host")


def test_one_that_the_endpoint_refuses_is_a_problem(portal: BlockingPortal, app: FastAPI) -> None:
    assert Conversation(portal, app, "/closed").refusal == (403, "forbidden")


def test_an_error_in_an_open_one_closes_it(portal: BlockingPortal, app: FastAPI) -> None:
    opened, closed = Conversation(portal, app, "/late").answers

    assert opened["type"] == "websocket.accept"
    assert (closed["type"], closed["code"]) == ("websocket.close", 1011)


@pytest.mark.parametrize(
    ("path", "answer"),
    [("/healthz", (200, None)), ("/api/v1/users/me", (401, "unauthenticated")), ("/nothing", (404, "not_found"))],
)
def test_without_a_route_it_is_a_get(
    portal: BlockingPortal, app: FastAPI, path: str, answer: tuple[int, str | None]
) -> None:
    assert Conversation(portal, app, path).refusal == answer


def test_one_that_is_signed_in_keeps_no_connection_to_the_database(
    app: FastAPI, portal: BlockingPortal, database: Database
) -> None:
    database.empty()

    conversation = Conversation(portal, app, "/connections", **Account("alice").sign_in())

    assert conversation.answers[1]["text"] == "0"
