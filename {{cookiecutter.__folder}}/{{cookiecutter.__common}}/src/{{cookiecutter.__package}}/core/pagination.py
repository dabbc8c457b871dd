"""Pages of a list, newest first: keyset pagination on ids, which grow with time.

Every page costs the same. Rows that are added or removed meanwhile do not make others repeat or disappear.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any, Protocol
from uuid import UUID

from itsdangerous import Signer
from pydantic import BaseModel, Field
from pydantic_core import to_json

from .errors import Invalid
from .schemas import written_as
from .settings import get_settings


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    location = "query"
    field = "cursor"


DIGITS = written_as("-?[0-9]{1,18}", int)  # pydantic alone would also take `+5`, `5.0` and `1_0`.
# A number in a query. With bounds, in a filter: `Annotated[int, Field(ge=0), DIGITS] | None`, in this order.
QueryInt = Annotated[int, DIGITS]


class PageQuery(BaseModel):
    """The other fields of a subclass are the filters of its list."""

    limit: QueryInt = Field(20, ge=1, le=100)
    cursor: str = Field("", description="next_cursor of the page before; empty for the first page")

    def filters(self) -> dict[str, Any]:
        return self.model_dump(exclude={"limit", "cursor"})


class Identified(Protocol):
    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True)
class Page[Row]:
    """One page of a list, and the cursor of the next one."""

    items: Sequence[Row]
    next_cursor: str | None


class Cursors:
    """The cursors of one list, signed: a cursor that was not issued for this list and these filters is refused."""

    def __init__(self, list_name: str) -> None:
        self.list_name = list_name

    def page[Row: Identified](self, query: PageQuery, fetch: Callable[[UUID | None, int], Sequence[Row]]) -> Page[Row]:
        """`fetch` takes the id below which the page begins, or None, and the number of rows. Raises InvalidCursor."""
        signer = self._signer(query)
        rows = fetch(_read(signer, query.cursor) if query.cursor else None, query.limit + 1)
        page = rows[: query.limit]
        return Page(page, _cursor(signer, page[-1].id) if len(rows) > query.limit else None)

    def _signer(self, query: PageQuery) -> Signer:
        secret = get_settings().secret_key.get_secret_value()
        return Signer(secret, salt=f"cursor:{self.list_name}:{to_json(query.filters()).decode()}")


def _cursor(signer: Signer, last: UUID) -> str:
    return signer.sign(last.hex).decode()


def _read(signer: Signer, cursor: str) -> UUID:
    try:
        last = UUID(cursor.partition(".")[0])
        if not compare_digest(_cursor(signer, last).encode(), cursor.encode()):
            raise ValueError("not the cursor of this id")
        return last
    except ValueError:
        raise InvalidCursor("The cursor is not one of this list with these filters.") from None
