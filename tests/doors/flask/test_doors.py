"""What Flask's documentation teaches, in the words of its chapters, in a project of this template."""

import io
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from doors.app import create_app
from doors.auth.dependencies import SIGNED_IN
from doors.auth.service import CurrentUser
from doors.core.database import get_engine
from doors.core.routing import ANYONE, current_session, operation, register
from doors.core.schemas import RequestBody
from doors.users.models import User
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.testing import FlaskClient
from flask.views import MethodView
from pydantic import BaseModel
from sqlalchemy import select

from .database import Database
from .passwords import PASSWORD

CREDENTIALS = {"email": "alice@example.com", "password": PASSWORD}


class Item(RequestBody):
    name: str


class Filter(BaseModel):
    limit: int = 10


@pytest.fixture
def app(database: Database) -> Flask:
    database.empty()
    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def alice(app: Flask) -> dict[str, str]:
    """The headers that sign her in. An application that has answered takes no more views."""
    client = create_app().test_client()
    client.post("/api/v1/auth/signup", json=CREDENTIALS | {"name": "Alice"})
    tokens = client.post("/api/v1/auth/login", json=CREDENTIALS).json
    assert tokens
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture
def bp() -> Blueprint:
    return Blueprint("shop", __name__)


@pytest.fixture(params=["plain", "operation"])
def route(request: pytest.FixtureRequest, app: Flask) -> Callable[..., Any]:
    """Adds a view to a plain blueprint, or as an operation: a door is open in both."""

    def route(rule: str, view: Callable[..., Any], **options: Any) -> None:
        bp = Blueprint(f"shop-{view.__name__}", __name__)
        if request.param == "plain":
            bp.add_url_rule(rule, view.__name__, view, **options)
            app.register_blueprint(bp, url_prefix="/api/v1")
        else:
            bp.add_url_rule(rule, view.__name__, operation(ANYONE, returns=str)(view), **options)
            register(app, bp)

    return route


class TestErrors:
    def test_abort_has_any_status(self, client: FlaskClient, route: Callable[..., None]) -> None:
        def conflict() -> str:
            abort(409)

        route("/conflict", conflict)

        response = client.get("/api/v1/conflict")
        assert (response.status_code, response.mimetype) == (409, "application/problem+json")

    def test_abort_has_a_description(self, client: FlaskClient, route: Callable[..., None]) -> None:
        def teapot() -> str:
            abort(418, "Short and stout")

        route("/teapot", teapot)

        problem = client.get("/api/v1/teapot").json
        assert problem
        assert (problem["status"], problem["detail"]) == (418, "Short and stout")

    def test_abort_404_keeps_its_description(self, client: FlaskClient, route: Callable[..., None]) -> None:
        def nothing() -> str:
            abort(404, description="Resource not found")

        route("/nothing", nothing)

        problem = client.get("/api/v1/nothing").json
        assert problem and problem["detail"] == "Resource not found"

    def test_abort_answers_with_a_response(self, client: FlaskClient, route: Callable[..., None]) -> None:
        def custom() -> str:
            abort(make_response(jsonify(message="mine"), 400))

        route("/custom", custom)

        response = client.get("/api/v1/custom")
        assert (response.status_code, response.json) == (400, {"message": "mine"})

    def test_a_missing_form_field_is_a_400(self, app: Flask, client: FlaskClient) -> None:
        app.add_url_rule("/form", "form", lambda: request.form["username"], methods=["POST"])

        assert client.post("/form", data={}).status_code == 400
        assert client.post("/form", data={"username": "alice"}).text == "alice"

    def test_get_json_refuses_what_is_none(self, app: Flask, client: FlaskClient) -> None:
        app.add_url_rule("/json", "json", lambda: request.get_json(), methods=["POST"])

        assert client.post("/json", json={"a": 1}).json == {"a": 1}
        assert client.post("/json", data="{", content_type="application/json").status_code == 400
        assert client.post("/json", data="a").status_code == 415

    def test_an_application_has_error_handlers_of_its_own(self, app: Flask, client: FlaskClient) -> None:
        class InvalidUsageError(Exception):
            pass

        app.register_error_handler(InvalidUsageError, lambda error: ({"message": "no"}, 402))
        app.register_error_handler(410, lambda error: ("gone for good", 410))

        def fail() -> str:
            raise InvalidUsageError

        app.add_url_rule("/fail", "fail", fail)
        app.add_url_rule("/gone", "gone", lambda: abort(410))

        assert (client.get("/fail").status_code, client.get("/fail").json) == (402, {"message": "no"})
        assert client.get("/gone").text == "gone for good"

    def test_an_application_has_a_handler_for_unexpected_errors(self, app: Flask, client: FlaskClient) -> None:
        app.register_error_handler(500, lambda error: (f"sorry: {error.original_exception!r}", 500))
        app.add_url_rule("/zero", "zero", lambda: str(1 / 0))

        assert client.get("/zero").text == "sorry: ZeroDivisionError('division by zero')"

    def test_a_blueprint_has_error_handlers_of_its_own(self, app: Flask, client: FlaskClient, bp: Blueprint) -> None:
        bp.register_error_handler(404, lambda error: ("page not found", 404))
        bp.register_error_handler(ZeroDivisionError, lambda error: ("infinite", 400))
        bp.add_url_rule("/missing", "missing", lambda: abort(404))
        bp.add_url_rule("/zero", "zero", lambda: str(1 / 0))
        app.register_blueprint(bp)

        assert client.get("/missing").text == "page not found"
        assert client.get("/zero").text == "infinite"
        assert client.get("/elsewhere").mimetype == "application/problem+json"


class TestOperations:
    def test_one_returns_a_response(self, app: Flask, client: FlaskClient, bp: Blueprint) -> None:
        @bp.get("/teapot")
        @operation(ANYONE, returns=str)
        def teapot() -> Response:
            return Response("short", status=418)

        @bp.get("/away")
        @operation(ANYONE, returns=str)
        def away() -> Any:
            return redirect(url_for("shop.teapot"))

        register(app, bp)

        assert (client.get("/api/v1/teapot").status_code, client.get("/api/v1/teapot").text) == (418, "short")
        assert client.get("/api/v1/away").location == "/api/v1/teapot"

    @pytest.mark.parametrize(
        ("value", "status", "header"),
        [
            ("made", 200, None),
            (("made", 202), 202, None),
            (("made", {"X-Shop": "here"}), 200, "here"),
            (("made", [("X-Shop", "here")]), 200, "here"),
            (("made", 202, {"X-Shop": "here"}), 202, "here"),
            (("made", 202, [("X-Shop", "here")]), 202, "here"),
        ],
    )
    def test_one_returns_a_tuple(
        self, app: Flask, client: FlaskClient, bp: Blueprint, value: Any, status: int, header: str | None
    ) -> None:
        bp.add_url_rule("/made", "made", operation(ANYONE, returns=str)(lambda: value))
        register(app, bp)

        response = client.get("/api/v1/made")
        assert (response.json, response.status_code, response.headers.get("X-Shop")) == ("made", status, header)

    def test_the_names_of_its_parameters_are_free(
        self, app: Flask, client: FlaskClient, bp: Blueprint, alice: dict[str, str]
    ) -> None:
        @bp.put("/items/<int:number>/<id:key>/<word>")
        @operation(SIGNED_IN, returns=str)
        def put(word: str, thing: Item, who: CurrentUser, number: int, wanted: Filter, key: UUID) -> str:
            return f"{word} {thing.name} {who.user.name} {number} {wanted.limit} {key}"

        register(app, bp)
        path = "/api/v1/items/7/00000000-0000-4000-8000-000000000000/big"

        said = client.put(f"{path}?limit=3", json={"name": "Foo"}, headers=alice).json

        assert said == "big Foo Alice 7 3 00000000-0000-4000-8000-000000000000"
        assert client.put(path, data="{").status_code == 401

    def test_a_parameter_that_nothing_fills_is_refused_at_the_start(self, app: Flask, bp: Blueprint) -> None:
        @bp.get("/items")
        @operation(ANYONE, returns=str)
        def read(colour: str) -> str:
            return colour

        with pytest.raises(TypeError, match=r"shop\.read: colour must be in the view and in its path /api/v1/items"):
            register(app, bp)

    def test_a_parameter_without_a_type_is_refused_at_the_start(self, app: Flask, bp: Blueprint) -> None:
        def read(colour):  # type: ignore[no-untyped-def]
            return colour

        bp.add_url_rule("/items", "read", operation(ANYONE, returns=str)(read))

        with pytest.raises(TypeError, match=r"shop\.read: colour"):
            register(app, bp)

    def test_a_user_whom_nobody_authenticates_is_refused_at_the_start(self, app: Flask, bp: Blueprint) -> None:
        @bp.get("/items")
        @operation(ANYONE, returns=str)
        def read(current_user: CurrentUser) -> str:
            return current_user.user.name

        with pytest.raises(TypeError, match=r"shop\.read: current_user"):
            register(app, bp)


class TestDatabase:
    @pytest.fixture(autouse=True)
    def nothing_stays_open(self, alice: dict[str, str]) -> Iterator[None]:
        yield
        assert get_engine().pool.checkedout() == 0  # type: ignore[attr-defined]

    def test_a_plain_view_reads_and_writes(self, app: Flask, client: FlaskClient, database: Database) -> None:
        @app.post("/rename")
        def rename() -> str:
            current_session().scalars(select(User)).one().name = "Alice Liddell"
            return "renamed"

        assert client.post("/rename").text == "renamed"
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_a_plain_view_that_fails_has_written_nothing(
        self, app: Flask, client: FlaskClient, database: Database
    ) -> None:
        @app.post("/rename")
        def rename() -> str:
            current_session().scalars(select(User)).one().name = "Alice Liddell"
            current_session().flush()
            abort(409)

        assert client.post("/rename").status_code == 409
        assert database.rows("SELECT name FROM users") == [("Alice",)]

    def test_it_is_there_before_a_request(self, app: Flask, client: FlaskClient) -> None:
        app.before_request(lambda: setattr(g, "user", current_session().scalars(select(User)).one()))
        app.add_url_rule("/me", "me", lambda: g.user.name)

        assert client.get("/me").text == "Alice"

    def test_what_is_written_before_a_request_is_committed(
        self, app: Flask, client: FlaskClient, database: Database
    ) -> None:
        def rename() -> None:
            current_session().scalars(select(User)).one().name = "Alice Liddell"

        app.before_request(rename)
        app.add_url_rule("/me", "me", lambda: "me", methods=["POST"])

        assert client.post("/me").text == "me"
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_a_handler_before_the_request_answers(self, app: Flask, client: FlaskClient) -> None:
        def refuse() -> tuple[str, int]:
            current_session().scalars(select(User)).one()
            return "closed", 503

        app.before_request(refuse)

        assert client.get("/healthz").text == "closed"

    def test_what_a_handler_that_answers_has_written_is_committed(
        self, app: Flask, client: FlaskClient, database: Database
    ) -> None:
        def rename() -> str:
            current_session().scalars(select(User)).one().name = "Alice Liddell"
            return "renamed"

        app.before_request(rename)

        assert client.post("/api/v1/auth/login").text == "renamed"
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_a_handler_before_the_request_raises(self, app: Flask, client: FlaskClient, database: Database) -> None:
        def refuse() -> None:
            current_session().scalars(select(User)).one().name = "Alice Liddell"
            current_session().flush()
            abort(403, "Not today.")

        app.before_request(refuse)

        assert client.post("/api/v1/auth/login").json["detail"] == "Not today."  # type: ignore[index]
        assert database.rows("SELECT name FROM users") == [("Alice",)]

    def test_it_is_there_when_a_request_is_torn_down(self, app: Flask, client: FlaskClient) -> None:
        seen = []

        @app.teardown_request
        def count(error: BaseException | None) -> None:
            seen.append(current_session().scalars(select(User.name)).one())

        assert client.get("/healthz").status_code == 200
        assert seen == ["Alice"]

    def test_it_is_there_after_a_request(self, app: Flask, client: FlaskClient) -> None:
        @app.after_request
        def sign(response: Response) -> Response:
            response.headers["X-User"] = current_session().scalars(select(User.name)).one()
            return response

        assert client.get("/healthz").headers["X-User"] == "Alice"

    def test_what_is_written_after_a_request_is_committed(
        self, app: Flask, client: FlaskClient, database: Database
    ) -> None:
        @app.after_request
        def rename(response: Response) -> Response:
            current_session().scalars(select(User)).one().name = "Alice Liddell"
            return response

        assert client.post("/nowhere").status_code == 404
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_a_command_is_told_how_to_get_a_session(self, app: Flask) -> None:
        @app.cli.command("count-users")
        def count_users() -> None:
            current_session()

        result = app.test_cli_runner().invoke(args=["count-users"])

        assert "open a session with open_session and transaction of core.database" in str(result.exception)

    def test_current_user_is_asked_for_in_a_plain_view(
        self, app: Flask, client: FlaskClient, alice: dict[str, str]
    ) -> None:
        app.add_url_rule("/whoami", "whoami", lambda: SIGNED_IN.check().user.email)

        assert client.get("/whoami", headers=alice).text == "alice@example.com"
        assert client.get("/whoami").status_code == 401


class TestViews:
    def test_a_session_is_kept(self, app: Flask, client: FlaskClient) -> None:
        @app.post("/login")
        def login() -> str:
            session["username"] = request.form["username"]
            return "in"

        app.add_url_rule("/", "index", lambda: f"Logged in as {session.get('username')}")

        client.post("/login", data={"username": "alice"})
        assert client.get("/").text == "Logged in as alice"
        with client.session_transaction() as kept:
            kept["username"] = "bob"
        assert client.get("/").text == "Logged in as bob"
        client.set_cookie("session", "eyJ1c2VybmFtZSI6ImV2ZSJ9.forged.signature")
        assert client.get("/").text == "Logged in as None"

    def test_a_message_is_flashed(self, app: Flask, client: FlaskClient) -> None:
        @app.get("/flash")
        def say() -> Any:
            flash("You were successfully logged in")
            return redirect(url_for("index"))

        app.add_url_rule("/", "index", lambda: get_flashed_messages())

        assert client.get("/flash", follow_redirects=True).json == ["You were successfully logged in"]

    def test_an_extension_is_initialised(self, app: Flask, client: FlaskClient) -> None:
        class Extension:
            def init_app(self, app: Flask) -> None:
                app.config.setdefault("EXTENSION_NAME", "hello")
                app.extensions["extension"] = self
                app.before_request(lambda: setattr(g, "extension", app.config["EXTENSION_NAME"]))
                app.teardown_appcontext(lambda error: None)
                app.add_url_rule("/extension", "extension", lambda: g.extension)

        Extension().init_app(app)

        assert client.get("/extension").text == "hello"

    def test_a_view_is_a_class(self, app: Flask, client: FlaskClient) -> None:
        class ItemView(MethodView):
            init_every_request = False

            def get(self, id: int) -> dict[str, int]:
                return {"id": id}

            def delete(self, id: int) -> tuple[str, int]:
                return "", 204

        app.add_url_rule("/items/<int:id>", view_func=ItemView.as_view("item"))

        assert client.get("/items/3").json == {"id": 3}
        assert client.delete("/items/3").status_code == 204
        assert (client.post("/items/3").status_code, client.post("/items/3").headers["Allow"]) == (
            405,
            "DELETE, GET, HEAD",
        )

    def test_a_view_returns_what_flask_takes(self, app: Flask, client: FlaskClient) -> None:
        app.add_url_rule("/dict", "dict", lambda: {"a": 1})
        app.add_url_rule("/list", "list", lambda: ([1], 201, {"X-Shop": "here"}))
        app.add_url_rule("/jsonify", "jsonify", lambda: jsonify(a=1))
        app.add_url_rule("/text", "text", lambda: ("text", 202))

        assert client.get("/dict").json == client.get("/jsonify").json == {"a": 1}
        assert (client.get("/list").status_code, client.get("/list").headers["X-Shop"]) == (201, "here")
        assert (client.get("/text").text, client.get("/text").status_code) == ("text", 202)

    def test_a_file_is_uploaded(self, app: Flask, client: FlaskClient) -> None:
        @app.post("/upload")
        def upload() -> str:
            file = request.files["file"]
            return f"{file.filename}: {file.read().decode()}"

        assert client.post("/upload", data={"file": (io.BytesIO(b"hello"), "a.txt")}).text == "a.txt: hello"

    def test_a_file_is_uploaded_to_an_operation(self, client: FlaskClient, route: Callable[..., None]) -> None:
        def upload() -> str:
            return request.files["file"].read().decode()

        route("/upload", upload, methods=["POST"])

        assert b"hello" in client.post("/api/v1/upload", data={"file": (io.BytesIO(b"hello"), "a.txt")}).data

    def test_an_answer_is_streamed(self, app: Flask, client: FlaskClient) -> None:
        @app.get("/stream")
        def stream() -> Any:
            return stream_with_context(f"{number} {request.path}\n" for number in range(2))

        assert client.get("/stream").text == "0 /stream\n1 /stream\n"

    def test_a_stream_reads_from_the_database(
        self, app: Flask, client: FlaskClient, alice: dict[str, str], database: Database
    ) -> None:
        @app.post("/export")
        def export() -> Any:
            current_session().scalars(select(User)).one().name = "Alice Liddell"

            @stream_with_context
            def names() -> Iterator[str]:
                for user in current_session().scalars(select(User)):
                    yield f"{user.name}\n"

            return names()

        assert client.post("/export").text == "Alice Liddell\n"
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]

    def test_a_template_is_rendered(self, app: Flask, client: FlaskClient) -> None:
        app.add_url_rule("/hello", "hello", lambda: render_template_string("Hello {{ name }}", name="<World>"))

        assert client.get("/hello").text == "Hello &lt;World&gt;"

    def test_url_for_knows_the_routes_of_the_service(self, app: Flask) -> None:
        with app.test_request_context():
            assert url_for("users.read_own_profile") == "/api/v1/users/me"
            key = UUID("00000000-0000-4000-8000-000000000000")
            assert url_for("users.read_user", user_id=key) == f"/api/v1/users/{key}"

    def test_current_app_is_the_service(self, app: Flask) -> None:
        with app.app_context():
            assert current_app.name == app.name


class TestCommands:
    def test_an_application_has_its_own(self, app: Flask) -> None:
        @app.cli.command("hello")
        def hello() -> None:
            print("hello")

        assert app.test_cli_runner().invoke(args=["hello"]).output == "hello\n"

    def test_a_blueprint_has_its_own(self, app: Flask, bp: Blueprint) -> None:
        bp.cli.command("hello")(lambda: print("hello"))
        register(app, bp)

        assert app.test_cli_runner().invoke(args=["shop", "hello"]).output == "hello\n"

    def test_flask_lists_the_routes(self) -> None:
        lines = subprocess.check_output(["flask", "--app", "doors.app", "routes"], text=True)

        assert "users.read_own_profile" in lines
