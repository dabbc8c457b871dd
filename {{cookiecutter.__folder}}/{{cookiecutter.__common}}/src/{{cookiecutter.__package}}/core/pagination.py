"""Pages of a list, newest first: keyset pagination on ids, which grow with time.

A page costs the same at any depth, and rows that come or go meanwhile neither repeat nor hide others.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, Field

from .errors import Invalid
from .settings import Settings

SIGNATURE_BYTES = 16


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    location: ClassVar[Literal["query"]] = "query"
    field = "cursor"


class PageQuery(BaseModel):
    limit: int = Field(20, ge=1, le=100)
    cursor: str = Field("", max_length=200, description="next_cursor of the page before; empty for the first page.")


class Identified(Protocol):
    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True)
class Rows[Row]:
    """A page of them."""

    items: Sequence[Row]
    next_cursor: str | None


class Cursors:
    """Cursors of one list. Signed, so that one which this service did not issue for this list is refused."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.key = settings.secret_key.get_secret_value().encode()
        self.name = name.encode()

    def page[Row: Identified](self, query: PageQuery, fetch: Callable[[UUID | None, int], Sequence[Row]]) -> Rows[Row]:
        """`fetch` gets the id to stay below, if any, and how many rows. Raises InvalidCursor."""
        rows = fetch(self._read(query.cursor) if query.cursor else None, query.limit + 1)
        page = rows[: query.limit]
        return Rows(page, self._issue(page[-1].id) if len(rows) > query.limit else None)

    def _issue(self, last: UUID) -> str:
        return urlsafe_b64encode(last.bytes + self._signature(last.bytes)).decode().rstrip("=")

    def _read(self, cursor: str) -> UUID:
        try:
            content = urlsafe_b64decode(cursor.encode("ascii") + b"==")
        except ValueError:
            content = b""
        last, signature = content[:16], content[16:]
        if not hmac.compare_digest(signature, self._signature(last)) or self._issue(UUID(bytes=last)) != cursor:
            raise InvalidCursor("The cursor is none of this list's.")
        return UUID(bytes=last)

    def _signature(self, last: bytes) -> bytes:
        return hmac.digest(self.key, b"cursor:" + self.name + last, "sha256")[:SIGNATURE_BYTES]
