"""The bodies of requests and responses of payments."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from ..core.schemas import NO_NUL, RequestBody, ResponseBody, UtcDateTime

SUCCEEDED, FAILED = "payment.succeeded", "payment.failed"

EventId = Annotated[str, Field(min_length=1, max_length=255, pattern=NO_NUL)]


class PaymentStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUND_DUE = "refund_due"


class PaymentRead(ResponseBody):
    id: UUID
    order_id: UUID
    status: PaymentStatus
    amount_cents: int
    currency: str
    created_at: UtcDateTime


class PaymentList(ResponseBody):
    items: list[PaymentRead]


class PaymentEvent(RequestBody):
    """The provider may add fields and types at any time. Of a type that is not known, nothing else is looked at."""

    model_config = ConfigDict(extra="ignore")

    id: EventId
    type: str
    data: dict[str, Any]

    @model_validator(mode="before")
    @classmethod
    def limit_fields(cls, value: Any) -> Any:
        """In the place of the limit that other bodies have."""
        if isinstance(value, dict) and isinstance(value.get("type"), str) and value["type"] not in {SUCCEEDED, FAILED}:
            return {"id": "-", "type": value["type"], "data": {}}
        return value


class EventReceipt(ResponseBody):
    received: Literal[True] = True
