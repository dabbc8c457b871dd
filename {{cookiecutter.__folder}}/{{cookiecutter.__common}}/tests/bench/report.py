"""The report of the benchmark: a table, a picture, and how the database answers the lists."""

import os
import platform
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from {{ cookiecutter.__package }}.core.settings import ROOT

HEADER = "| operation | connections | statements | CPU, µs | requests per CPU second | p50, ms | p95, ms | p99, ms |"
SHADES = ["#9ecae1", "#4292c6", "#084594"]
BAR, LEFT, WIDTH = 10, 260, 500
# With more, the machine and the load itself decide.
BUDGET_CONNECTIONS = 8


@dataclass(frozen=True)
class Point:
    """An operation at a number of connections. CPU of the service is in microseconds a request."""

    operation: str
    connections: int
    statements: int
    cpu: float
    p50: float
    p95: float
    p99: float


def write(folder: Path, points: Sequence[Point], plans: Mapping[str, Sequence[str]]) -> bool:
    """Writes `report.md` and `report.svg`. False if a p95 at 8 connections is above the budget."""
    budget = read_budget()
    slow = [point for point in points if point.connections == BUDGET_CONNECTIONS and point.p95 > budget]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.svg").write_text(picture(points, budget), "utf-8")
    (folder / "report.md").write_text(text(points, slow, plans, budget), "utf-8")
    for point in slow:
        print(f"{point.operation} takes {point.p95:.0f} ms (p95) at {point.connections} connections.")
    print(f"{verdict(budget, slow)} See {folder / 'report.md'}")
    return not slow


def read_budget() -> float:
    """The p95 that no operation may exceed, in milliseconds."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    budget: float = settings["tool"]["bench"]["p95_milliseconds"]
    return budget


def verdict(budget: float, slow: Sequence[Point]) -> str:
    return f"The budget of {budget} ms (p95) at {BUDGET_CONNECTIONS} connections is {'exceeded' if slow else 'met'}."


def text(points: Sequence[Point], slow: Sequence[Point], plans: Mapping[str, Sequence[str]], budget: float) -> str:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        "# Benchmark",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, one worker. The load comes from the same machine.",
        "All requests are of one user, whose changes wait for each other. CPU is the service's, not the database's.",
        "",
        verdict(budget, slow),
        "",
        "![The p95 of each operation](report.svg)",
        "",
        HEADER,
        "| --- |" + " ---: |" * (HEADER.count("|") - 2),
        *(_row(point, point in slow) for point in points),
        "",
        "## How the database answers the lists",
    ]
    for statement, steps in plans.items():
        lines += ["", "```text", *map(str.strip, statement.strip().splitlines()), "", *steps, "```"]
    return "\n".join([*lines, ""])


def _row(point: Point, is_slow: bool) -> str:
    p95 = f"**{point.p95:.1f}**" if is_slow else f"{point.p95:.1f}"
    rate = 1e6 / point.cpu if point.cpu else 0
    counts = f"{point.connections} | {point.statements} | {point.cpu:.0f} | {rate:.0f}"
    return f"| {point.operation} | {counts} | {point.p50:.1f} | {p95} | {point.p99:.1f} |"


def picture(points: Sequence[Point], budget: float) -> str:
    """The p95 as bars, darker with more connections, and a line at the budget."""
    scale = WIDTH / max(budget, *(point.p95 for point in points))
    connections = sorted({point.connections for point in points})
    parts, y = [], 30
    for number, point in enumerate(points):
        if number == 0 or point.operation != points[number - 1].operation:
            y += BAR
            parts.append(f'<text x="{LEFT - 8}" y="{y + 2 * BAR}" text-anchor="end">{escape(point.operation)}</text>')
        shade = SHADES[connections.index(point.connections) % len(SHADES)]
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{point.p95 * scale:.1f}" height="{BAR - 1}" fill="{shade}"/>')
        y += BAR
    line = LEFT + budget * scale
    title = f"p95 in milliseconds at {', '.join(map(str, connections))} connections; the line is the budget, {budget}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{y + 20}"'
            ' font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<text x="10" y="20">{title}</text>',
            *parts,
            f'<line x1="{line:.1f}" y1="30" x2="{line:.1f}" y2="{y + 10}" stroke="#cb181d" stroke-dasharray="4"/>',
            "</svg>",
            "",
        ]
    )
