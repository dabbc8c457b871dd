"""A route writes its response before the transaction commits, so that an error undoes what the route did."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AfterValidator, BaseModel, computed_field
from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError

from {{ cookiecutter.__package }}.core.routing import ANYONE, DbSession, api_router
from {{ cookiecutter.__package }}.users.models import User

from ..accounts import Account
from ..asgi import AsgiTransport
from ..database import Database

type Post = Callable[..., httpx2.Response]


class Greeting(BaseModel):
    text: str


class Broken(Greeting):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def length(self) -> int:
        raise ValueError("canary")


class Shouted(JSONResponse):
    def render(self, content: Any) -> bytes:
        return super().render(content).upper()


@pytest.fixture
def post(client: httpx2.Client, portal: BlockingPortal) -> Post:
    """Posts to an endpoint that returns `value`, and that has changed Alice's name to Bob."""
    Account("alice")

    def post(value: Any, *, include: dict[str, Any] | None = None, **options: Any) -> httpx2.Response:
        router = api_router()

        @router.post("/greetings", dependencies=[ANYONE], **options)
        def greet(session: DbSession, response: Response) -> Any:
            session.execute(update(User).values(name="Bob"))
            response.headers["X-Greeting"] = "hello"
            return value

        app = FastAPI()
        app.include_router(router, **include or {})
        return httpx2.Client(transport=AsgiTransport(app, portal)).post("http://testserver/api/v1/greetings")

    return post


@pytest.mark.parametrize(
    ("value", "model"),
    [
        (Broken(text="hello"), Broken),
        ({"text": object()}, dict[str, Any]),
        ({"text": object()}, None),
        ({"text": float("nan")}, None),
        ({}, Greeting),
    ],
)
def test_one_that_can_not_be_written_leaves_nothing(post: Post, database: Database, value: Any, model: Any) -> None:
    response = post(value, response_model=model)

    assert response.status_code == 500
    assert database.rows("SELECT name FROM users") == [("Alice",)]


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (2, {"response_model": Annotated[int, AfterValidator(lambda number: number * 10)]}, "20"),
        ({"text": "hello"}, {"response_model": Greeting}, '{"text":"hello"}'),
        ({"text": "hello"}, {"response_model": Greeting, "response_model_exclude": {"text"}}, "{}"),
        ({"text": "hello"}, {"response_model": None}, '{"text":"hello"}'),
        ({"text": "hello"}, {"response_model": Greeting, "response_class": Shouted}, '{"TEXT":"HELLO"}'),
        ({"text": "hello"}, {"include": {"default_response_class": Shouted}}, '{"TEXT":"HELLO"}'),
        (None, {"status_code": 204, "response_model": None}, ""),
        (None, {}, "null"),
    ],
)
def test_it_is_what_fastapi_writes(
    post: Post, database: Database, value: Any, options: dict[str, Any], text: str
) -> None:
    response = post(value, **options)

    assert response.text == text
    assert response.status_code == options.get("status_code", 200)
    assert response.headers["X-Greeting"] == "hello"
    assert database.rows("SELECT name FROM users") == [("Bob",)]


def test_a_session_ends_before_a_stream_begins(client: httpx2.Client, portal: BlockingPortal) -> None:
    errors = []
    router = api_router()

    @router.get("/names", dependencies=[ANYONE])
    def stream_names(session: DbSession) -> StreamingResponse:
        def names() -> Iterator[str]:
            try:
                yield from session.scalars(select(User.name))
            except InvalidRequestError as error:
                errors.append(str(error))

        return StreamingResponse(names())

    app = FastAPI()
    app.include_router(router)
    httpx2.Client(transport=AsgiTransport(app, portal)).get("http://testserver/api/v1/names")

    assert "permanently closed" in errors[0]
