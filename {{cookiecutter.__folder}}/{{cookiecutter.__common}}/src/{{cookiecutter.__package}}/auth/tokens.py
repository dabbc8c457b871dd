"""Access tokens (signed, short-lived, RFC 7519) and refresh tokens (opaque, stored as hashes)."""

import secrets
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from time import time
from uuid import UUID, uuid4

import jwt

from ..core.errors import Unauthenticated
from ..core.settings import SERVICE, Settings, get_settings

ALGORITHM = "HS256"
# The clocks of two machines may differ by this much.
LEEWAY_SECONDS = 60
# A token is verified when it comes first, and looked up after that.
REMEMBERED_TOKENS = 4096
CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"]


@dataclass(frozen=True)
class Claims:
    user_id: UUID
    session_id: UUID


class AccessTokens:
    def __init__(self, settings: Settings) -> None:
        self.key = settings.secret_key.get_secret_value()
        self.lifetime = settings.access_token_ttl
        self._verified = lru_cache(REMEMBERED_TOKENS)(self._verify)

    def issue(self, user_id: UUID, session_id: UUID) -> str:
        now = int(time())
        claims: dict[str, object] = {
            "iss": SERVICE,
            "aud": SERVICE,
            "sub": str(user_id),
            "sid": str(session_id),
            "iat": now,
            "exp": now + self.lifetime,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self.key, ALGORITHM)

    def read(self, token: str) -> Claims:
        """Raises Unauthenticated for a token that this service did not issue, or that has expired."""
        claims, expires_at = self._verified(token)
        if expires_at < time() - LEEWAY_SECONDS:
            raise Unauthenticated
        return claims

    def _verify(self, token: str) -> tuple[Claims, int]:
        if "=" in token:  # RFC 7515, 2: without padding, so that a token has one spelling.
            raise Unauthenticated
        try:
            claims = jwt.decode(
                token,
                self.key,
                [ALGORITHM],
                issuer=SERVICE,
                audience=SERVICE,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS},
            )
            if type(claims["iat"]) is not int or type(claims["exp"]) is not int:
                raise TypeError
            return Claims(UUID(claims["sub"]), UUID(claims["sid"])), claims["exp"]
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            raise Unauthenticated from None


@cache
def access_tokens() -> AccessTokens:
    return AccessTokens(get_settings())


def bearer_token(authorization: str | None) -> str:
    """The token in an Authorization header (RFC 6750). Raises Unauthenticated when there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    return token.strip(" ")


def user_of(authorization: str | None) -> str | None:
    """The id of the token's user, for rate limits. The session may have ended: rate limits do not depend on that."""
    try:
        return str(access_tokens().read(bearer_token(authorization)).user_id)
    except Unauthenticated:
        return None


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """A plain hash is enough: the token has 256 random bits, too many to guess."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
