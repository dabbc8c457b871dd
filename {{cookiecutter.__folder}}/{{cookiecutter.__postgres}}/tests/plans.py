"""How PostgreSQL answers a query."""

from typing import Any

from .database import Database


def update_statistics(database: Database) -> None:
    database.connection.execute("ANALYZE")


def plan(database: Database, statement: str, parameters: Any) -> list[str]:
    """The steps, with the outermost first."""
    return [step for (step,) in database.connection.execute(f"EXPLAIN {statement}".encode(), parameters)]


def scans_and_sorts(database: Database, statement: str, parameters: Any) -> list[str]:
    """The steps that look at every row or sort what they found. A scan along an index ends with the page."""
    return [step for step in plan(database, statement, parameters) if "Seq Scan" in step or "Sort" in step]


def finds_by(database: Database, statement: str, parameters: Any, column: str) -> bool:
    """Whether an index finds the rows by this column, instead of looking at each."""
    return any(column in step for step in plan(database, statement, parameters) if "Index Cond" in step)
