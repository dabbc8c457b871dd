"""The bodies of requests and responses of the catalogue."""

from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from ..core.pagination import DIGITS, PageQuery
from ..core.schemas import INTEGER, NO_NUL, NOT_SENT, RequestBody, ResponseBody, UtcDateTime

COLUMN_MAX = 2**31 - 1  # Of an integer column.

CategoryName = Annotated[str, Field(min_length=1, max_length=80)]
Slug = Annotated[str, Field(pattern="^[a-z0-9-]{1,80}$")]
Sku = Annotated[str, Field(min_length=1, max_length=64)]
ProductName = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=4000)]
Cents = Annotated[int, Field(ge=0, le=COLUMN_MAX), INTEGER]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217")]
Stock = Annotated[int, Field(ge=0, le=COLUMN_MAX), INTEGER]
PriceFilter = Annotated[int, Field(ge=0, le=COLUMN_MAX), DIGITS]
SearchText = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


class NewCategory(RequestBody):
    name: CategoryName
    slug: Slug


class CategoryRead(ResponseBody):
    id: UUID
    name: str
    slug: str
    product_count: int


class CategoryList(ResponseBody):
    items: list[CategoryRead]


class ProductQuery(PageQuery):
    category_id: UUID | None = None
    q: SearchText | None = Field(None, description="Part of the name; ASCII letters in any case")
    min_price_cents: PriceFilter | None = None
    max_price_cents: PriceFilter | None = None


class NewProduct(RequestBody):
    sku: Sku
    name: ProductName
    description: Description = ""
    price_cents: Cents
    currency: Currency
    category_id: UUID
    stock: Stock


class ProductChange(RequestBody):
    name: ProductName | MISSING = NOT_SENT
    description: Description | MISSING = NOT_SENT
    price_cents: Cents | MISSING = NOT_SENT
    currency: Currency | MISSING = NOT_SENT
    category_id: UUID | MISSING = NOT_SENT
    stock: Stock | MISSING = NOT_SENT


class ProductRead(ResponseBody):
    id: UUID
    sku: str
    name: str
    description: str
    price_cents: int
    currency: str
    category_id: UUID
    stock: int
    created_at: UtcDateTime
    updated_at: UtcDateTime
