"""The bodies of requests and responses of the cart."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..core.schemas import INTEGER, RequestBody, ResponseBody

Quantity = Annotated[int, Field(ge=1, le=999), INTEGER]


class CartItemChange(RequestBody):
    quantity: Quantity


class CartItemRead(ResponseBody):
    product_id: UUID
    name: str
    quantity: int
    unit_price_cents: int
    line_total_cents: int


class CartRead(ResponseBody):
    items: list[CartItemRead]
    total_cents: int
    currency: str | None = Field(description="Of all items; null in an empty cart")
