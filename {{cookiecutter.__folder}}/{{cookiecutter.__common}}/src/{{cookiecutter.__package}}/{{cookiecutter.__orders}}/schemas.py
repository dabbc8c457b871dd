"""The bodies of requests and responses of orders."""

from enum import StrEnum
from uuid import UUID

from ..core.pagination import PageQuery
from ..core.schemas import RequestBody, ResponseBody, UtcDateTime


class OrderStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class OrderQuery(PageQuery):
    status: OrderStatus | None = None


class StatusChange(RequestBody):
    status: OrderStatus


class OrderItemRead(ResponseBody):
    product_id: UUID
    sku: str
    name: str
    quantity: int
    unit_price_cents: int


class OrderRead(ResponseBody):
    id: UUID
    status: OrderStatus
    items: list[OrderItemRead]
    total_cents: int
    currency: str
    created_at: UtcDateTime
    updated_at: UtcDateTime
