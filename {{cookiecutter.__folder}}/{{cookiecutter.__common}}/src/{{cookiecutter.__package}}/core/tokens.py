"""Access tokens (signed, short-lived, RFC 7519) and refresh tokens (opaque, stored as hashes)."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from time import time
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from uuid_utils.compat import uuid4

from .errors import Unauthenticated
from .settings import SERVICE, Settings

ALGORITHM = "HS256"

_required = jwt.ClaimsOption(essential=True)
_ours = jwt.ClaimsOption(essential=True, value=SERVICE)
_registry = jwt.JWTClaimsRegistry(
    iss=_ours, aud=_ours, sub=_required, sid=_required, iat=_required, exp=_required, jti=_required
)


@dataclass(frozen=True)
class Claims:
    user_id: UUID
    session_id: UUID


class AccessTokens:
    def __init__(self, settings: Settings) -> None:
        self.key = OctKey.import_key(settings.secret_key.get_secret_value())
        self.lifetime = settings.access_token_ttl

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
        return jwt.encode({"alg": ALGORITHM}, claims, self.key)

    def read(self, token: str) -> Claims:
        """Raises Unauthenticated for whatever this service did not issue, or issued too long ago."""
        try:
            claims = jwt.decode(token, self.key, algorithms=[ALGORITHM]).claims
            _registry.validate(claims)
            return Claims(UUID(claims["sub"]), UUID(claims["sid"]))
        except (JoseError, ValueError, TypeError, AttributeError):
            raise Unauthenticated from None


def bearer_token(authorization: str | None) -> str:
    """The token in an Authorization header (RFC 6750). Raises Unauthenticated when there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    return token.strip(" ")


def new_refresh_token() -> str:
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> str:
    """A plain hash will do: the token has 256 random bits, nobody guesses it."""
    return sha256(token.encode()).hexdigest()
