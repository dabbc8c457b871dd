"""One transaction holds what a view and the functions before and after it do. A stream has none."""

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from flask import Flask, Response, stream_with_context
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from {{ cookiecutter.__package }}.app import create_app
from {{ cookiecutter.__package }}.auth.service import RefreshTokenReused
from {{ cookiecutter.__package }}.core.database import get_engine
from {{ cookiecutter.__package }}.core.routing import current_session
from {{ cookiecutter.__package }}.pipeline.bridge import Bridge
from {{ cookiecutter.__package }}.users.models import User

from ..accounts import Account
from ..asgi import AsgiTransport
from ..database import Database


@pytest.fixture
def app(client: httpx2.Client) -> Flask:
    Account("alice")
    return create_app()


@pytest.fixture
def post(app: Flask, portal: BlockingPortal) -> Callable[[], httpx2.Response]:
    return lambda: httpx2.Client(transport=AsgiTransport(Bridge(app), portal)).post("http://testserver/names")


def rename(name: str) -> None:
    current_session().execute(update(User).values(name=name))


def fail(*_arguments: Any) -> NoReturn:
    raise RuntimeError


@pytest.fixture
def names(app: Flask) -> None:
    @app.post("/names")
    def change_name() -> str:
        rename("Bob")
        return "done"


@pytest.mark.usefixtures("names")
class TestAView:
    def test_is_undone_by_an_error_after_it(
        self, app: Flask, post: Callable[[], httpx2.Response], database: Database
    ) -> None:
        app.after_request(fail)

        assert post().status_code == 500
        assert database.rows("SELECT name FROM users") == [("Alice",)]

    def test_has_a_handler_for_an_error_of_the_commit(
        self, app: Flask, post: Callable[[], httpx2.Response], database: Database
    ) -> None:
        app.register_error_handler(SQLAlchemyError, lambda _error: "sorry")

        with database.commits_fail():
            assert post().text == "sorry"

    def test_has_a_handler_for_what_nothing_else_handles(self, app: Flask, post: Callable[[], httpx2.Response]) -> None:
        app.before_request(fail)
        app.register_error_handler(500, lambda error: (type(error.original_exception).__name__, 500))

        assert post().text == "RuntimeError"


class TestAnError:
    def test_may_keep_what_was_done_before_the_view(
        self, app: Flask, post: Callable[[], httpx2.Response], database: Database
    ) -> None:
        @app.before_request
        def refuse() -> NoReturn:
            rename("Bob")
            raise RefreshTokenReused("Not today.")

        assert post().status_code == 401
        assert database.rows("SELECT name FROM users") == [("Bob",)]

    def test_has_a_handler_that_writes(
        self, app: Flask, post: Callable[[], httpx2.Response], database: Database
    ) -> None:
        @app.post("/names")
        def change_name() -> NoReturn:
            rename("Bob")
            raise LookupError

        @app.errorhandler(LookupError)
        def change_it_back(_error: LookupError) -> str:
            found = current_session().scalars(select(User.name)).one()
            rename("Carol")
            return found

        assert post().text == "Alice"
        assert database.rows("SELECT name FROM users") == [("Carol",)]


def test_a_read_keeps_what_it_has_changed(app: Flask, portal: BlockingPortal, database: Database) -> None:
    @app.get("/names")
    def change_name() -> str:
        current_session().scalars(select(User)).one().name = "Bob"
        return "done"

    client = httpx2.Client(transport=AsgiTransport(Bridge(app), portal))

    assert client.get("http://testserver/names").text == "done"
    assert database.rows("SELECT name FROM users") == [("Bob",)]


class TestWhatRunsLater:
    def test_commits_each_statement(self, app: Flask, post: Callable[[], httpx2.Response], database: Database) -> None:
        @app.post("/names")
        def stream() -> Response:
            def names() -> Iterator[str]:
                yield current_session().scalars(select(User.name)).one()
                rename("Bob")
                yield str(database.in_transaction())
                raise RuntimeError

            return Response(stream_with_context(names()))

        assert post().text == "AliceFalse"
        assert database.rows("SELECT name FROM users") == [("Bob",)]

    def test_is_not_undone_by_the_error_of_the_view(
        self, app: Flask, post: Callable[[], httpx2.Response], database: Database
    ) -> None:
        app.post("/names")(fail)
        app.teardown_request(lambda _error: rename("Bob"))

        assert post().status_code == 500
        assert database.rows("SELECT name FROM users") == [("Bob",)]

    def test_leaves_nothing_open(self, app: Flask, post: Callable[[], httpx2.Response]) -> None:
        @app.post("/names")
        def change_name() -> str:
            with app.app_context():
                rename("Bob")
            return "done"

        @app.teardown_request
        def change_it_again(_error: BaseException | None) -> None:
            rename("Carol")
            raise RuntimeError

        post()

        assert get_engine().pool.checkedout() == 0  # type: ignore[attr-defined]
