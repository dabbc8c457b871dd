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
    return f"t={time},v1={_digest(body, secret, str(time))}"


def verify(signature: str, body: bytes, secret: str, now: float) -> None:
    """Raises InvalidSignature. Other parts of the header than `t` and `v1` do not count."""
    parts = [part.strip().partition("=") for part in signature.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    values = [value.lower().encode() for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not re.fullmatch("[0-9]{1,12}", times[0]):
        raise InvalidSignature
    expected = _digest(body, secret, times[0]).encode()
    matches = [hmac.compare_digest(value, expected) for value in values]
    if not any(matches) or abs(now - int(times[0])) > TOLERANCE_SECONDS:
        raise InvalidSignature


def _digest(body: bytes, secret: str, time: str) -> str:
    return hmac.digest(secret.encode(), f"{time}.".encode() + body, "sha256").hex()
