"""How fast the service is, as it runs in production: `uv run {{ cookiecutter.project_slug }} bench`.

Starts it with one worker and a database of its own, which it fills with demo data, and sends requests of each operation
over 1, 8 and 32 connections.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psutil
import pywrkr
from anyio.from_thread import start_blocking_portal

from {{ cookiecutter.__package }}.core.logging import configure_logging
from {{ cookiecutter.__package }}.core.settings import get_settings
from {{ cookiecutter.__package }}.features import feature_modules
from {{ cookiecutter.__package }}.system.contract import contract
from {{ cookiecutter.__package }}.users.schemas import Role

from ..asgi import AsgiTransport
from ..conftest import open_database
from ..database import Database
from ..permissions import table
from ..plans import plan, update_statistics
from ..server import SECRETS, Server, serving
from ..statements import recorded_statements
from .report import BUDGET_CONNECTIONS, Point, Report, Statement, read_budget

CONNECTIONS = (1, BUDGET_CONNECTIONS, 32)
USERS = 1_000
ROWS = 20_000


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def operations() -> Iterator[Operation]:
    """The reads and the changes of the API that need no id and no parameter."""
    bodies = table("BODIES")
    for path, methods in contract()["paths"].items():
        if path.startswith("/api/") and "{" not in path:
            if _is_plain_read(methods.get("get", {})):
                yield Operation("GET", path)
            if body := bodies.get(methods.get("patch", {}).get("operationId")):
                yield Operation("PATCH", path, body)


def _is_plain_read(operation: Any) -> bool:
    returns = operation.get("responses", {}).get("200", {}).get("content", {})
    needs = [parameter for parameter in operation.get("parameters", []) if parameter.get("required")]
    return "application/json" in returns and not needs


def main(seconds: float, folder: Path) -> bool:
    """False if an operation is slower than the budget."""
    report = Report(read_budget(), seconds)
    # Beside the database of the tests, which may be running.
    os.environ |= SECRETS | {"LOG_LEVEL": "ERROR", "PYTEST_XDIST_WORKER": "bench"}
    with TemporaryDirectory(ignore_cleanup_errors=True) as files, open_database(Path(files)) as database:
        from ..accounts import Account

        configure_logging(get_settings().log_level, get_settings().logs_as_json)
        fill(database)
        headers = Account("reader", Role.ADMIN).sign_in()
        for operation in operations():
            report.statements[operation.name] = statements_of(operation, headers, database)
        report.rows = {name: database.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in database.tables()}
        with serving(database.url, workers="1", LOG_LEVEL="INFO", RATE_LIMIT="1000000000/minute") as server:
            for operation in operations():
                print(f"{operation.name} ...", flush=True)
                measure(server, operation, headers, BUDGET_CONNECTIONS, seconds / 2)  # Warms up.
                for connections in CONNECTIONS:
                    report.points.append(measure(server, operation, headers, connections, seconds))
    return report.write(folder)


def fill(database: Database) -> None:
    """A parameter of a feature's `seed` is a number of rows."""
    from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction

    with redirect_stdout(None):  # Passwords, which nobody needs here.
        for feature in feature_modules("seeds"):
            feature.seed(**dict.fromkeys(signature(feature.seed).parameters, ROWS))
    with accounts_in_transaction() as accounts:
        for number in range(USERS):
            accounts.users.create_user(f"{number}@example.com", "Alice", "no password", Role.USER)
    update_statistics(database)


def statements_of(operation: Operation, headers: dict[str, str], database: Database) -> list[Statement]:
    """What one request sends to the database, and the plan of what may read many rows."""
    from ..framework import app

    with start_blocking_portal() as portal, httpx2.Client(transport=AsgiTransport(app, portal)) as client:
        for _ in range(2):  # The first request may fill a cache.
            with recorded_statements() as statements:
                url = f"http://testserver{operation.path}"
                client.request(operation.method, url, headers=headers, json=operation.body).raise_for_status()
    return [
        Statement(statement, plan(database, statement, parameters) if "LIMIT" in statement else [])
        for statement, parameters in statements
    ]


def measure(server: Server, operation: Operation, headers: dict[str, str], connections: int, seconds: float) -> Point:
    request = httpx2.Request(operation.method, server.url + operation.path, headers=headers, json=operation.body)
    before = cpu_seconds(server)
    load = pywrkr.Config(
        str(request.url),
        method=request.method,
        headers=dict(request.headers),
        body=request.read(),
        connections=connections,
        threads=1,
        duration=seconds,
    )
    result = pywrkr.run(load)
    cpu = cpu_seconds(server) - before
    # The load does not wait longer than a second for what is still running at its end.
    failed = result.total_errors - result.error_types.get("TimeoutError", 0)
    if failed or set(result.status_codes) != {200}:
        raise RuntimeError(f"{operation.name}: {result.status_codes} {result.error_types}")
    times = (result.percentiles[name] * 1000 for name in ("p50", "p95", "p99"))
    requests = result.total_requests
    return Point(operation.name, connections, requests / seconds, cpu / requests * 1e6, *times)


def cpu_seconds(server: Server) -> float:
    """Of all processes of the service."""
    process = psutil.Process(server.process.pid)
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


if __name__ == "__main__":
    try:
        is_met = main(float(sys.argv[1]), Path(sys.argv[2]))
    except Exception:
        traceback.print_exc()
        sys.exit(2)  # 1 says that the budget is exceeded.
    sys.exit(0 if is_met else 1)
