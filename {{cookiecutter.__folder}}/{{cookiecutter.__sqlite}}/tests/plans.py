"""How SQLite answers a query."""

import re
from contextlib import closing
from typing import Any

from .database import Database


def update_statistics(database: Database) -> None:
    database.execute("ANALYZE")


def plan(database: Database, statement: str, parameters: Any) -> list[str]:
    """The steps, in their order."""
    query = f"EXPLAIN QUERY PLAN {statement.replace('%s', '?')}"
    with closing(database._connect()) as connection:
        return [detail for *_, detail in connection.execute(query, parameters or ())]


def scans_and_sorts(database: Database, statement: str, parameters: Any) -> list[str]:
    """The steps that look at every row or sort what they found. A scan along an index ends with the page."""
    steps = plan(database, statement, parameters)
    return [step for step in steps if re.search(r"^SCAN \w+$|TEMP B-TREE", step)]


def finds_by(database: Database, statement: str, parameters: Any, column: str) -> bool:
    """Whether an index finds the rows by this column, instead of looking at each."""
    return any(f"{column}=?" in step for step in plan(database, statement, parameters))
