"""Signatures of the payment provider: `t=<unix time>,v1=<hex>`.

A `v1` is the HMAC-SHA256 of `<t>.<body>`. While the provider changes its secret, the header has several `v1`: one that
is right is enough.
"""

import hmac
import re

from ..core.errors import BadRequest

HEADER = "Payment-Signature"
TOLERANCE_SECONDS = 300


class InvalidSignature(BadRequest):
    code = "invalid_signature"

    def __init__(self) -> None:
        super().__init__(f"{HEADER} is missing, or not the signature of this body, or too far from now.")


def sign(body: bytes, secret: str, time: int) -> str:
    return f"t={time},v1={_digest(body, secret, time)}"


def verify(signature: str, body: bytes, secret: str, now: float) -> None:
    """Raises InvalidSignature."""
    if not re.fullmatch(r"t=[0-9]{1,12}(,v[0-9]+=[0-9a-f]{1,128})+", signature):
        raise InvalidSignature
    (_, time), *values = [part.split("=") for part in signature.split(",")]
    expected = _digest(body, secret, int(time))
    matches = [hmac.compare_digest(value, expected) for version, value in values if version == "v1"]
    if not any(matches) or abs(now - int(time)) > TOLERANCE_SECONDS:
        raise InvalidSignature


def _digest(body: bytes, secret: str, time: int) -> str:
    return hmac.digest(secret.encode(), f"{time}.".encode() + body, "sha256").hex()
