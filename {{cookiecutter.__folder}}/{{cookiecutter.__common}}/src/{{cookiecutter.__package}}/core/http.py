"""HTTP in every framework: safe methods, ids in paths, JSON bodies."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from .problems import MalformedJson, UnsupportedMediaType

# Methods that change nothing (RFC 9110).
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# An id in a path: canonical, in lower case.
ID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MAX_MEDIA_TYPE_LENGTH = 200
# With any parameters, but with no character set other than UTF-8.
_JSON = re.compile(
    r"application/json\s*(;\s*(?!charset\s*=)[\w.-]+=[\w.-]+\s*|;\s*charset=(utf-8|\"utf-8\")\s*)*", re.ASCII
)


def parse_json(body: bytes, content_type: str | None, content_encoding: str | None = None) -> Any:
    """Stricter than the standard library: no NaN, no lone surrogates, no nesting past 200 levels, no key twice."""
    if (content_encoding or "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be compressed.")
    media_type = (content_type or "").lower()
    if len(media_type) > MAX_MEDIA_TYPE_LENGTH or not _JSON.fullmatch(media_type):
        raise UnsupportedMediaType("The body must be application/json in UTF-8.")
    try:
        document = from_json(body, allow_inf_nan=False)
        if isinstance(document, dict | list):
            json.loads(body, object_pairs_hook=_refuse_duplicates)
    except ValueError:
        raise MalformedJson("The body is not JSON.") from None
    return document


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
