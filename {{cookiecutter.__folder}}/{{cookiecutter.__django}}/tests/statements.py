"""The statements that the application sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.backends.utils import CursorWrapper


@contextmanager
def recorded_statements() -> Iterator[list[tuple[str, Any]]]:
    """Each with its parameters."""
    statements: list[tuple[str, Any]] = []
    execute = CursorWrapper.execute

    def record(cursor: CursorWrapper, statement: Any, parameters: Any = None) -> Any:
        statements.append((statement, parameters))
        return execute(cursor, statement, parameters)

    with patch.object(CursorWrapper, "execute", record):
        yield statements
