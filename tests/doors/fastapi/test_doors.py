"""What FastAPI's documentation teaches, in the words of its chapters, in a project of this template."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated
from uuid import UUID, uuid4

import pytest
from doors.app import create_app
from doors.auth.dependencies import Admin, SignedIn, current_admin, current_user
from doors.chat import router as chat
from doors.core.database import get_engine
from doors.core.routing import ANYONE, DbSession, api_router
from doors.users.models import User
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Depends,
    FastAPI,
    File,
    Form,
    HTTPException,
    Request,
    Response,
    UploadFile,
)
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import select
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from .database import Database
from .passwords import PASSWORD
from .server import serving

CREDENTIALS = {"email": "alice@example.com", "password": PASSWORD}


class Item(BaseModel):
    name: str
    price: float | None = None


@pytest.fixture
def app() -> FastAPI:
    return create_app()


@pytest.fixture
def client(app: FastAPI, database: Database) -> Iterator[TestClient]:
    database.empty()
    with TestClient(app) as client:
        client.post("/api/v1/auth/signup", json=CREDENTIALS | {"name": "Alice"})
        yield client


@pytest.fixture
def alice(client: TestClient) -> dict[str, str]:
    """The headers that sign her in."""
    tokens = client.post("/api/v1/auth/login", json=CREDENTIALS).json()
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture(params=["plain", "api"])
def router(request: pytest.FixtureRequest) -> APIRouter:
    """FastAPI's own, and the one of this service: a door is open in both."""
    if request.param == "plain":
        return APIRouter(prefix="/api/v1", dependencies=[ANYONE])
    router = api_router()
    router.dependencies.append(ANYONE)
    return router


class TestWhoCalls:
    def test_a_test_overrides_the_current_user(self, app: FastAPI, client: TestClient) -> None:
        app.dependency_overrides[current_user] = lambda: SimpleNamespace(
            user=User(
                id=uuid4(),
                email="eve@x.org",
                email_verified=True,
                name="Eve",
                role="user",
                is_active=True,
                created_at=datetime.now(UTC),
            )
        )

        assert client.get("/api/v1/users/me").json()["name"] == "Eve"

    def test_a_test_overrides_the_current_admin(self, app: FastAPI, client: TestClient) -> None:
        app.dependency_overrides[current_admin] = lambda: SimpleNamespace(user=None)

        assert [user["name"] for user in client.get("/api/v1/users").json()["items"]] == ["Alice"]

    def test_an_override_of_one_does_not_open_the_other(self, app: FastAPI, client: TestClient) -> None:
        app.dependency_overrides[current_user] = lambda: SimpleNamespace(user=None)

        assert client.get("/api/v1/users").status_code == 401

    def test_an_overridden_user_gets_as_far_as_the_body(self, app: FastAPI, client: TestClient) -> None:
        app.dependency_overrides[current_user] = lambda: SimpleNamespace(user=None)

        assert client.patch("/api/v1/users/me", json={"name": 7}).status_code == 422

    def test_a_plain_router_knows_the_current_user(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        plain = APIRouter()

        @plain.get("/whoami")
        def whoami(current_user: SignedIn) -> str:
            return current_user.user.email

        app.include_router(plain)

        assert client.get("/whoami", headers=alice).json() == "alice@example.com"
        assert client.get("/whoami").json()["code"] == "unauthenticated"

    def test_a_route_of_the_application_itself_knows_the_current_user(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        @app.get("/whoami")
        async def whoami(current_user: SignedIn) -> str:
            return current_user.user.email

        assert client.get("/whoami", headers=alice).json() == "alice@example.com"
        assert client.get("/whoami").status_code == 401

    def test_an_administrator_is_asked_for_in_a_plain_router(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        @app.get("/secrets")
        def secrets(_admin: Admin) -> str:
            return "secret"

        assert client.get("/secrets", headers=alice).status_code == 403
        assert client.get("/secrets").status_code == 401

    def test_a_whole_router_is_closed_by_a_dependency(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        plain = APIRouter()
        plain.get("/greeting")(lambda: "hello")
        app.include_router(plain, dependencies=[Depends(current_user)])

        assert client.get("/greeting", headers=alice).json() == "hello"
        assert client.get("/greeting").status_code == 401

    def test_a_router_of_the_service_is_closed_by_a_dependency(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        router = api_router()
        router.dependencies.append(Depends(current_user))

        @router.post("/items")
        def create_item(item: Item) -> Item:
            return item

        app.include_router(router)

        assert client.post("/api/v1/items", json={"name": "Foo"}, headers=alice).status_code == 200
        assert client.post("/api/v1/items", json={"name": "Foo"}).status_code == 401
        assert client.post("/api/v1/items", content="{").status_code == 401

    def test_a_route_of_the_service_is_closed_by_a_dependency(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        router = api_router()
        router.get("/greeting", dependencies=[Depends(current_user)])(lambda: "hello")
        app.include_router(router)

        assert client.get("/api/v1/greeting", headers=alice).json() == "hello"
        assert client.get("/api/v1/greeting").status_code == 401

    def test_a_dependency_that_include_router_adds_keeps_a_route_of_the_service_closed(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        router = api_router()

        @router.post("/items")
        def create_item(item: Item, current_user: SignedIn) -> str:
            return current_user.user.email

        app.include_router(router, prefix="/more", dependencies=[Depends(current_admin)])

        assert client.post("/more/api/v1/items", json={"name": "Foo"}, headers=alice).status_code == 403
        assert client.post("/more/api/v1/items", json={"name": "Foo"}).status_code == 401
        assert client.post("/more/api/v1/items", content="{").status_code == 401

    def test_routers_are_nested_with_prefixes(self, app: FastAPI, client: TestClient, alice: dict[str, str]) -> None:
        router = api_router()
        items = APIRouter(prefix="/items", route_class=router.route_class)

        @items.post("/{item_id}")
        def replace_item(item_id: int, item: Item, current_user: SignedIn) -> str:
            return f"{item_id}: {item.name} of {current_user.user.email}"

        router.include_router(items, prefix="/shop")
        app.include_router(router)

        path = "/api/v1/shop/items/3"
        assert client.post(path, json={"name": "Foo"}, headers=alice).json() == "3: Foo of alice@example.com"
        assert client.post(path, content="{").status_code == 401

    def test_sub_dependencies_know_the_current_user(
        self, app: FastAPI, client: TestClient, alice: dict[str, str], router: APIRouter
    ) -> None:
        def email_of_caller(current_user: SignedIn) -> str:
            return current_user.user.email

        async def shouted(email: Annotated[str, Depends(email_of_caller)]) -> str:
            return email.upper()

        @router.get("/shout")
        def shout(email: Annotated[str, Depends(shouted)], current_user: SignedIn) -> str:
            return f"{email} {current_user.user.name}"

        app.include_router(router)

        assert client.get("/api/v1/shout", headers=alice).json() == "ALICE@EXAMPLE.COM Alice"
        assert client.get("/api/v1/shout").status_code == 401


class TestDependencies:
    def test_one_that_queries_before_a_refused_body_holds_nothing(
        self, app: FastAPI, client: TestClient, router: APIRouter
    ) -> None:
        def load(name: str, session: DbSession) -> User:
            user = session.scalar(select(User).where(User.name == name))
            if user is None:
                raise HTTPException(404, "There is no such user.")
            return user

        @router.put("/people/{name}")
        def rename(user: Annotated[User, Depends(load)], item: Item) -> str:
            user.name = item.name
            return user.name

        app.include_router(router)

        assert client.put("/api/v1/people/Alice", json={}).status_code == 422
        assert client.put("/api/v1/people/Bob", json={"name": "Robert"}).json()["detail"] == "There is no such user."
        assert get_engine().pool.checkedout() == 0
        assert client.put("/api/v1/people/Alice", json={"name": "Alice Liddell"}).json() == "Alice Liddell"

    def test_one_with_yield_runs_before_and_after(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        steps = []

        def resource() -> Iterator[str]:
            steps.append("opened")
            yield "resource"
            steps.append("closed")

        @router.get("/resource")
        def read(resource: Annotated[str, Depends(resource)]) -> str:
            steps.append("used")
            return resource

        app.include_router(router)

        assert client.get("/api/v1/resource").json() == "resource"
        assert steps == ["opened", "used", "closed"]

    def test_one_with_yield_sees_what_the_endpoint_raises(
        self, app: FastAPI, client: TestClient, router: APIRouter
    ) -> None:
        def owner() -> Iterator[None]:
            try:
                yield
            except ValueError as error:
                raise HTTPException(400, f"Owner error: {error}") from error

        @router.get("/boom", dependencies=[Depends(owner)])
        def boom() -> None:
            raise ValueError("portal gun")

        app.include_router(router)

        response = client.get("/api/v1/boom")
        assert (response.status_code, response.json()["detail"]) == (400, "Owner error: portal gun")

    def test_a_class_is_one(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        class Paging:
            def __init__(self, skip: int = 0, limit: int = 100) -> None:
                self.skip, self.limit = skip, limit

        @router.get("/paging")
        def paging(paging: Annotated[Paging, Depends()]) -> list[int]:
            return [paging.skip, paging.limit]

        app.include_router(router)

        assert client.get("/api/v1/paging?skip=3").json() == [3, 100]


class TestDatabase:
    def test_what_a_plain_router_writes_is_committed_before_the_response_leaves(
        self, app: FastAPI, client: TestClient, database: Database, router: APIRouter
    ) -> None:
        @router.post("/rename")
        def rename(session: DbSession) -> str:
            session.scalars(select(User)).one().name = "Alice Liddell"
            return "renamed"

        app.include_router(router)
        with database.commits_fail(), TestClient(app, raise_server_exceptions=False) as careful:
            assert careful.post("/api/v1/rename").status_code == 500

        assert client.post("/api/v1/rename").status_code == 200
        assert database.rows("SELECT name FROM users") == [("Alice Liddell",)]
        assert get_engine().pool.checkedout() == 0

    def test_what_was_written_before_an_error_is_rolled_back(
        self, app: FastAPI, client: TestClient, database: Database, router: APIRouter
    ) -> None:
        @router.post("/rename")
        def rename(session: DbSession) -> str:
            session.scalars(select(User)).one().name = "Alice Liddell"
            session.flush()
            raise HTTPException(409, "No.")

        app.include_router(router)

        assert client.post("/api/v1/rename").status_code == 409
        assert database.rows("SELECT name FROM users") == [("Alice",)]
        assert get_engine().pool.checkedout() == 0


class TestErrors:
    def test_an_http_exception_keeps_its_detail(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/items/{item_id}")
        def read_item(item_id: int) -> Item:
            raise HTTPException(status_code=404, detail=f"Item {item_id} not found")

        app.include_router(router)

        response = client.get("/api/v1/items/3")
        assert response.headers["Content-Type"] == "application/problem+json"
        assert (response.json()["status"], response.json()["detail"]) == (404, "Item 3 not found")
        assert client.get("/api/v1/items/foo").json()["errors"][0]["field"] == "item_id"

    def test_an_http_exception_keeps_any_status(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/teapot")
        def teapot() -> None:
            raise HTTPException(status_code=418, detail="I don't like 3.")

        app.include_router(router)

        problem = client.get("/api/v1/teapot").json()
        assert (problem["status"], problem["title"], problem["detail"]) == (
            418,
            "I'm a Teapot",
            "I don't like 3.",
        )

    def test_an_http_exception_keeps_its_headers(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/login")
        def login() -> None:
            raise HTTPException(401, "Incorrect username", headers={"WWW-Authenticate": "Basic", "X-Error": "3"})

        app.include_router(router)

        response = client.get("/api/v1/login")
        assert (response.headers["WWW-Authenticate"], response.headers["X-Error"]) == ("Basic", "3")

    def test_a_detail_may_be_json(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/conflict")
        def conflict() -> None:
            raise HTTPException(409, {"field": "name"})

        app.include_router(router)

        assert client.get("/api/v1/conflict").json()["detail"] == '{"field": "name"}'

    def test_an_application_has_exception_handlers_of_its_own(self, app: FastAPI, router: APIRouter) -> None:
        class UnicornError(Exception):
            pass

        @app.exception_handler(UnicornError)
        async def handle(request: Request, error: UnicornError) -> JSONResponse:
            return JSONResponse({"message": "Oops!"}, status_code=418)

        @router.get("/unicorn")
        def unicorn() -> None:
            raise UnicornError

        app.include_router(router)

        response = TestClient(app).get("/api/v1/unicorn")
        assert (response.status_code, response.json()) == (418, {"message": "Oops!"})

    @pytest.mark.parametrize("kind", [500, Exception])
    def test_a_handler_that_is_never_called_is_refused_at_the_start(
        self, app: FastAPI, kind: int | type[Exception]
    ) -> None:
        @app.exception_handler(kind)
        async def handle(request: Request, error: Exception) -> JSONResponse:
            return JSONResponse({"message": "Oops!"}, status_code=500)

        with pytest.raises(TypeError, match=r"ErrorResponses in pipeline/middleware\.py"), TestClient(app):
            pass


class TestBodies:
    def test_a_file_is_uploaded(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.post("/uploadfile")
        def create_upload_file(file: UploadFile) -> str:
            return f"{file.filename}: {file.file.read().decode()}"

        app.include_router(router)

        response = client.post("/api/v1/uploadfile", files={"file": ("a.txt", b"hello")})
        assert response.json() == "a.txt: hello"
        assert client.post("/api/v1/uploadfile").status_code == 422

    def test_a_file_and_a_field_come_together(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.post("/files")
        def create_file(file: Annotated[bytes, File()], token: Annotated[str, Form()]) -> str:
            return f"{token}: {len(file)}"

        app.include_router(router)

        assert client.post("/api/v1/files", files={"file": b"hello"}, data={"token": "t"}).json() == "t: 5"

    def test_a_form_is_read(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.post("/login")
        def login(username: Annotated[str, Form()], password: Annotated[str, Form()]) -> str:
            return username

        app.include_router(router)

        assert client.post("/api/v1/login", data={"username": "alice", "password": "s"}).json() == "alice"
        assert client.post("/api/v1/login", data={"username": "alice"}).json()["errors"][0]["field"] == "password"

    def test_a_form_is_a_model(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.post("/items")
        def create_item(item: Annotated[Item, Form()]) -> Item:
            return item

        app.include_router(router)

        assert client.post("/api/v1/items", data={"name": "Foo"}).json()["name"] == "Foo"

    def test_a_form_of_a_signed_in_user_is_refused_to_others_first(
        self, app: FastAPI, client: TestClient, alice: dict[str, str]
    ) -> None:
        router = api_router()

        @router.post("/upload")
        def upload(file: UploadFile, current_user: SignedIn) -> str:
            return current_user.user.email

        app.include_router(router)

        files = {"file": b"hello"}
        assert client.post("/api/v1/upload", files=files, headers=alice).json() == "alice@example.com"
        assert client.post("/api/v1/upload", files=files).status_code == 401
        assert client.post("/api/v1/upload").status_code == 401

    def test_an_optional_body_need_not_be_sent(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.put("/items/{item_id}")
        def update_item(item_id: int, item: Item | None = None) -> str:
            return item.name if item else "nothing"

        app.include_router(router)

        assert client.put("/api/v1/items/1").json() == "nothing"
        assert client.put("/api/v1/items/1", json={"name": "Foo"}).json() == "Foo"
        assert client.put("/api/v1/items/1", json={}).status_code == 422

    def test_the_request_can_be_read_directly(self, app: FastAPI, client: TestClient) -> None:
        @app.post("/raw")
        async def raw(request: Request) -> int:
            return len(await request.body())

        assert client.post("/raw", content=b"\x00\x01", headers={"Content-Type": "image/png"}).json() == 2


class TestEndpoints:
    def test_one_may_be_async_in_a_plain_router(self, app: FastAPI, client: TestClient) -> None:
        plain = APIRouter()

        @plain.get("/async")
        async def read(session: DbSession) -> str:
            return "hello"

        app.include_router(plain)

        assert client.get("/async").json() == "hello"

    def test_an_async_one_in_a_router_of_the_service_is_refused_with_the_way_round(self) -> None:
        async def read() -> None: ...

        with pytest.raises(TypeError, match=r"read is async.*APIRouter\(\)"):
            api_router().get("/async", dependencies=[ANYONE])(read)

    def test_tasks_run_in_the_background(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        sent = []

        @router.post("/notify")
        def notify(background_tasks: BackgroundTasks) -> str:
            background_tasks.add_task(sent.append, "mail")
            return "sent"

        app.include_router(router)

        assert client.post("/api/v1/notify").json() == "sent"
        assert sent == ["mail"]

    def test_a_response_is_streamed(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/video")
        def video() -> StreamingResponse:
            return StreamingResponse((f"chunk {number}\n" for number in range(3)), media_type="text/plain")

        app.include_router(router)

        assert client.get("/api/v1/video").text == "chunk 0\nchunk 1\nchunk 2\n"

    def test_an_endpoint_yields_its_response(self, app: FastAPI, client: TestClient) -> None:
        plain = APIRouter()

        @plain.get("/items")
        def items() -> Iterable[Item]:
            yield Item(name="chair")
            yield Item(name="table")

        app.include_router(plain)

        assert [json.loads(line)["name"] for line in client.get("/items").text.splitlines()] == ["chair", "table"]

    def test_a_response_has_a_class_of_its_own(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/page", response_class=HTMLResponse)
        def page() -> str:
            return "<p>hello</p>"

        app.include_router(router)

        assert client.get("/api/v1/page").text == "<p>hello</p>"

    def test_a_response_leaves_out_what_is_none(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/item", response_model_exclude_none=True)
        def read() -> Item:
            return Item(name="Foo")

        @router.get("/unset", response_model_exclude_unset=True)
        def read_set() -> Item:
            return Item(name="Foo")

        app.include_router(router)

        assert client.get("/api/v1/item").json() == client.get("/api/v1/unset").json() == {"name": "Foo"}

    def test_a_response_is_returned_directly(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/portal")
        def portal(teleport: bool = False) -> Response:
            if teleport:
                return RedirectResponse("https://example.com/")
            return Response("<?xml version='1.0'?>", media_type="application/xml")

        app.include_router(router)

        assert client.get("/api/v1/portal").headers["Content-Type"] == "application/xml"
        assert client.get("/api/v1/portal?teleport=1", follow_redirects=False).status_code == 307

    def test_cookies_headers_and_status_are_set_on_the_response(
        self, app: FastAPI, client: TestClient, router: APIRouter
    ) -> None:
        @router.put("/tasks", status_code=200)
        def create(response: Response) -> str:
            response.status_code = 201
            response.headers["X-Cat-Dog"] = "alone in the world"
            response.set_cookie("fakesession", "fake")
            return "created"

        app.include_router(router)

        response = client.put("/api/v1/tasks")
        assert (response.status_code, response.headers["X-Cat-Dog"]) == (201, "alone in the world")
        assert response.cookies["fakesession"] == "fake"

    def test_parameters_of_a_path_have_types(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/numbers/{number}")
        def number(number: int) -> int:
            return number + 1

        @router.get("/ids/{id}")
        def id_(id: UUID) -> UUID:
            return id

        @router.get("/files/{path:path}")
        def path(path: str) -> str:
            return path

        app.include_router(router)

        id_sent = str(uuid4())
        assert client.get("/api/v1/numbers/3").json() == 4
        assert client.get("/api/v1/numbers/three").status_code == 422
        assert client.get(f"/api/v1/ids/{id_sent}").json() == id_sent
        assert client.get("/api/v1/files/home/alice.txt").json() == "home/alice.txt"

    def test_a_route_has_a_url(self, app: FastAPI, client: TestClient, router: APIRouter) -> None:
        @router.get("/items/{item_id}", name="item")
        def read(item_id: int, request: Request) -> str:
            return str(request.url_for("item", item_id=item_id))

        app.include_router(router)

        assert client.get("/api/v1/items/3").json() == "http://testserver/api/v1/items/3"


class TestPages:
    def test_static_files_are_mounted(self, app: FastAPI, client: TestClient, tmp_path: Path) -> None:
        (tmp_path / "style.css").write_text("h1 { color: green }")
        app.mount("/static", StaticFiles(directory=tmp_path), name="static")

        response = client.get("/static/style.css")

        assert (response.text, response.headers["Content-Type"]) == ("h1 { color: green }", "text/css; charset=utf-8")
        assert client.get("/static/nothing.css").status_code == 404

    def test_a_template_is_rendered_with_its_own_styles(self, app: FastAPI, client: TestClient, tmp_path: Path) -> None:
        page = '<link href="{{ url_for("static", path="/style.css") }}" rel="stylesheet"><h1>{{ id }}</h1>'
        (tmp_path / "item.html").write_text(page)
        app.mount("/static", StaticFiles(directory=tmp_path), name="static")
        templates = Jinja2Templates(directory=tmp_path)

        @app.get("/items/{id}", response_class=HTMLResponse)
        def read_item(request: Request, id: str) -> Response:
            return templates.TemplateResponse(request=request, name="item.html", context={"id": id})

        response = client.get("/items/foo")

        assert 'href="http://testserver/static/style.css"' in response.text
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]

    def test_a_page_has_a_policy_of_its_own(self, app: FastAPI, client: TestClient) -> None:
        @app.get("/page")
        def page() -> HTMLResponse:
            return HTMLResponse("<h1>hello</h1>", headers={"Content-Security-Policy": "default-src *"})

        assert client.get("/page").headers["Content-Security-Policy"] == "default-src *"

    def test_an_application_is_mounted(self, app: FastAPI, client: TestClient) -> None:
        sub = FastAPI()
        sub.get("/sub")(lambda: {"message": "Hello World from sub API"})
        app.mount("/subapi", sub)

        assert client.get("/subapi/sub").json() == {"message": "Hello World from sub API"}
        assert client.get("/subapi/docs").status_code == 200


class TestMiddleware:
    def test_an_application_has_middleware_of_its_own(self, app: FastAPI, database: Database) -> None:
        @app.middleware("http")
        async def add_header(request: Request, call_next: Callable) -> Response:  # type: ignore[type-arg]
            response: Response = await call_next(request)
            response.headers["X-Process-Time"] = "3"
            return response

        with TestClient(app) as client:
            assert client.get("/readyz").headers["X-Process-Time"] == "3"


class TestWebSockets:
    @pytest.fixture
    def app(self) -> FastAPI:
        app = create_app()
        app.include_router(chat)
        return app

    def test_one_echoes(self, client: TestClient) -> None:
        with client.websocket_connect("/echo") as websocket:
            websocket.send_text("hello")

            assert websocket.receive_text() == "You said: hello"

    def test_one_knows_the_current_user(self, client: TestClient, alice: dict[str, str]) -> None:
        with client.websocket_connect("/whoami", headers=alice) as websocket:
            assert websocket.receive_text() == "alice@example.com"

    def test_one_is_served(self, database: Database) -> None:
        with serving(database.url) as server:
            url = server.url.replace("http", "ws")
            with connect(f"{url}/echo") as websocket:
                websocket.send("hello")

                assert websocket.recv() == "You said: hello"
            with pytest.raises(InvalidStatus, match="401"), connect(f"{url}/whoami"):
                pass

    def test_one_for_another_host_is_refused(self, database: Database) -> None:
        with serving(database.url, ALLOWED_HOSTS="example.com,127.0.0.2") as server:
            url = server.url.replace("http", "ws")

            with pytest.raises(InvalidStatus, match="400"), connect(f"{url}/echo"):
                pass
