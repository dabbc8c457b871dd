"""The bodies of requests and responses of webhooks."""

import re
from contextlib import suppress
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, StrictBool
from pydantic_core import PydanticCustomError, Url

from ..core.pagination import PageQuery
from ..core.schemas import NOT_SENT, RequestBody, ResponseBody, UtcDateTime
from ..events.schemas import EventType
from .addresses import host_of
from .settings import get_settings

URL_LENGTH = 2000


def check_url(value: str) -> str:
    url = _parsed(value)
    if url is None or not all(host_of(url).split(".")) or url.username or url.password:
        raise PydanticCustomError("url", "Input should be a URL like https://example.com/path")
    if url.scheme == "http" and get_settings().production:
        raise PydanticCustomError("url_scheme", "Input should begin with https://")
    return value


def _parsed(value: str) -> Url | None:
    with suppress(ValueError):
        if len(value) <= URL_LENGTH and re.fullmatch(r"(?i:https?)://[^\s\\#]+", value):
            return Url(value)
    return None


WebhookUrl = Annotated[
    str, AfterValidator(check_url), Field(max_length=URL_LENGTH, json_schema_extra={"format": "uri"})
]
EventTypes = Annotated[list[EventType], Field(max_length=100)]
Description = Annotated[str, Field(max_length=200)]


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class NewWebhook(RequestBody):
    url: WebhookUrl
    types: EventTypes = Field([])
    description: Description = ""


class WebhookChange(RequestBody):
    url: WebhookUrl | MISSING = NOT_SENT
    types: EventTypes | MISSING = NOT_SENT
    description: Description | MISSING = NOT_SENT
    is_active: StrictBool | MISSING = NOT_SENT


class WebhookRead(ResponseBody):
    id: UUID
    url: str
    types: list[str]
    description: str
    is_active: bool
    created_at: UtcDateTime


class WebhookWithSecret(WebhookRead):
    secret: str


class DeliveryQuery(PageQuery):
    status: DeliveryStatus | None = None


class DeliveryRead(ResponseBody):
    id: UUID
    event_id: UUID
    event_type: str
    status: DeliveryStatus
    attempts: int
    last_status: int | None
    last_attempt_at: UtcDateTime | None
    next_attempt_at: UtcDateTime | None
