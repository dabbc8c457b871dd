"""Pages of a list, newest first: keyset pagination on ids, which grow with time.

Every page costs the same. Rows that are added or removed meanwhile do not make others repeat or disappear.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Protocol
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .errors import Invalid
from .settings import get_settings


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    location: ClassVar[Literal["query"]] = "query"
    field = "cursor"


def read_digits(value: object) -> object:
    """pydantic alone would also take `+5`, `5.0` and `1_0`."""
    if isinstance(value, str) and not re.fullmatch("-?[0-9]{1,18}", value):
        raise PydanticCustomError("int_parsing", "Input is not valid")
    return value


# A number in a query.
QueryInt = Annotated[int, BeforeValidator(read_digits)]


class PageQuery(BaseModel):
    limit: QueryInt = Field(20, ge=1, le=100)
    cursor: str = Field("", description="next_cursor of the page before; empty for the first page")


class Identified(Protocol):
    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True)
class Page[Row]:
    """One page of a list, and the cursor of the next one."""

    items: Sequence[Row]
    next_cursor: str | None


class Cursors:
    """The cursors of one list, signed: a cursor that was not issued for this list is refused."""

    def __init__(self, list_name: str) -> None:
        self.list_name = list_name

    @cached_property
    def serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(get_settings().secret_key.get_secret_value(), salt=f"cursor:{self.list_name}")

    def page[Row: Identified](self, query: PageQuery, fetch: Callable[[UUID | None, int], Sequence[Row]]) -> Page[Row]:
        """`fetch` takes the id below which the page begins, or None, and the number of rows. Raises InvalidCursor."""
        rows = fetch(self._read(query.cursor) if query.cursor else None, query.limit + 1)
        page = rows[: query.limit]
        return Page(page, self.serializer.dumps(page[-1].id.hex) if len(rows) > query.limit else None)

    def _read(self, cursor: str) -> UUID:
        try:
            last = self.serializer.loads(cursor)
            if self.serializer.dumps(last) != cursor:  # Another spelling of the same bytes.
                raise BadData("not canonical")
            return UUID(last)
        except (BadData, ValueError):
            raise InvalidCursor("The cursor is not one of this list.") from None
