"""The report of the benchmark: a table, a picture, and what the database is asked."""

import os
import platform
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from {{ cookiecutter.__package }}.core.settings import ROOT

HEADER = (
    "| operation | connections | requests per second | CPU of a request, µs | requests per CPU second"
    " | p50, ms | p95, ms | p99, ms |"
)
SHADES = ["#9ecae1", "#4292c6", "#084594"]
BAR, LEFT, WIDTH = 10, 260, 500
# With more, the machine and the load itself decide.
BUDGET_CONNECTIONS = 8


@dataclass(frozen=True)
class Point:
    """An operation at a number of connections. CPU of the service is in microseconds a request."""

    operation: str
    connections: int
    rate: float
    cpu: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Statement:
    text: str
    plan: Sequence[str]


@dataclass
class Report:
    """`budget` is in milliseconds. `seconds` is the time of each measurement, `rows` the size of each table."""

    budget: float
    seconds: float
    points: list[Point] = field(default_factory=list)
    statements: dict[str, list[Statement]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def write(self, folder: Path) -> bool:
        """Writes `report.md` and `report.svg`. False if a p95 at 8 connections is above the budget."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.svg").write_text(picture(self.points, self.budget), "utf-8")
        (folder / "report.md").write_text("\n".join([*self._lines(), ""]), "utf-8")
        for point in filter(self._is_slow, self.points):
            print(f"{point.operation} takes {point.p95:.0f} ms (p95) at {point.connections} connections.")
        print(f"{self._verdict()} See {folder / 'report.md'}")
        return not any(map(self._is_slow, self.points))

    def _is_slow(self, point: Point) -> bool:
        return point.connections == BUDGET_CONNECTIONS and point.p95 > self.budget

    def _verdict(self) -> str:
        is_met = "exceeded" if any(map(self._is_slow, self.points)) else "met"
        return f"The budget of {self.budget} ms (p95) at {BUDGET_CONNECTIONS} connections is {is_met}."

    def _lines(self) -> Iterator[str]:
        machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        yield from ("# Benchmark", "")
        yield f"{datetime.now(UTC):%Y-%m-%d}, {machine}, one worker. The load comes from the same machine, and"
        yield f"each line is {self.seconds} s of it. All requests are of one user, whose changes wait for each other"
        yield "and, because they repeat one body, change nothing after the first. CPU is that of the service, not that"
        yield "of the database."
        yield from ("", self._verdict(), "", "![The p95 of each operation](report.svg)", "")
        yield from (HEADER, "| --- |" + " ---: |" * (HEADER.count("|") - 2))
        for point in self.points:
            yield self._row(point)
        yield from ("", "## What a request asks the database", "")
        yield "A plan is shown for what may read many rows. A small table is read as a whole, whatever its indexes are."
        yield f"Rows: {', '.join(f'{name} {count}' for name, count in sorted(self.rows.items()))}."
        counts = (f"{operation} {len(statements)}" for operation, statements in self.statements.items())
        yield f"Statements of a request: {', '.join(counts)}."
        for operation, statements in self.statements.items():
            yield from ("", f"### {operation}")
            for statement in statements:
                yield from ("", "```text", *map(str.strip, statement.text.strip().splitlines()))
                yield from (*(["", *statement.plan] if statement.plan else []), "```")

    def _row(self, point: Point) -> str:
        p95 = f"**{point.p95:.1f}**" if self._is_slow(point) else f"{point.p95:.1f}"
        per_cpu = 1e6 / point.cpu if point.cpu else 0
        rates = f"{point.connections} | {point.rate:.0f} | {point.cpu:.0f} | {per_cpu:.0f}"
        return f"| {point.operation} | {rates} | {point.p50:.1f} | {p95} | {point.p99:.1f} |"


def read_budget() -> float:
    """The p95 that no operation may exceed, in milliseconds. Raises ValueError."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    budget = settings["tool"].get("bench", {}).get("p95_milliseconds")
    if not isinstance(budget, int | float) or not budget > 0:
        raise ValueError("pyproject.toml: [tool.bench] needs p95_milliseconds, a number above 0")
    return budget


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
        width = point.p95 * scale
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 1}" fill="{shade}"/>')
        parts.append(f'<text x="{LEFT + width + 4:.1f}" y="{y + BAR - 1}" font-size="10">{point.p95:.1f}</text>')
        y += BAR
    line = LEFT + budget * scale
    counts = ", ".join(map(str, connections))
    title = f"p95, ms; light to dark: {counts} connections; line: the budget of {budget} ms at {BUDGET_CONNECTIONS}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{y + 20}"'
            ' font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<text x="10" y="20">{title}</text>',
            *parts,
            f'<line x1="{line:.1f}" y1="30" x2="{line:.1f}" y2="{y + 10}" stroke="#cb181d" stroke-dasharray="4"/>',
            "</svg>",
            "",
        ]
    )
