"""Request bodies: how large they may be, and how they become Python values.

In the order of the checks: size, media type, JSON. The fields are the schemas' concern.
"""

from email.message import Message
from typing import Any

from pydantic_core import from_json

from .problems import MalformedJson, PayloadTooLarge, UnsupportedMediaType

MAX_BODY_BYTES = 1024 * 1024
MAX_CONTENT_TYPE = 200


def check_size(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")


def declared_size(content_length: str | None) -> int:
    return int(content_length) if content_length and content_length.isdecimal() else 0


def parse_json(body: bytes, content_type: str | None) -> Any:
    """Stricter than the standard library: no NaN, no lone surrogates, no nesting past 200 levels."""
    if not _is_json(content_type or ""):
        raise UnsupportedMediaType("The body must be application/json in UTF-8.")
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise MalformedJson("The body is not JSON.") from None


def _is_json(content_type: str) -> bool:
    if len(content_type) > MAX_CONTENT_TYPE or not content_type.isascii():
        return False  # The parser takes a time that grows with the square of the length.
    message = Message()
    message["Content-Type"] = content_type or "none"
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() == "application/json" and str(charset).lower() == "utf-8"
