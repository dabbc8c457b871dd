"""How often somebody may ask.

Counters live in Redis when `REDIS_URL` is set, so that several instances share them, else in this process.
While Redis is away, each process counts on its own; sign-ins, which must be exact, are counted in the database then.
"""

from dataclasses import dataclass
from math import ceil
from time import monotonic, time

import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from pydantic import SecretStr
from redis.backoff import NoBackoff
from redis.retry import Retry

from .addresses import network_of
from .errors import ServiceError, Unauthenticated
from .settings import SERVICE, Settings
from .tokens import AccessTokens, bearer_token

log = structlog.get_logger()

REDIS_PATIENCE_SECONDS = 0.5
REDIS_ABSENCE_SECONDS = 5


@dataclass(frozen=True)
class Quota:
    """What is left of a limit, and in how many seconds there is more."""

    name: str
    limit: RateLimitItem
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As of draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset}',
        }


class RateLimited(ServiceError):
    code = "rate_limited"

    def __init__(self, quota: Quota) -> None:
        super().__init__("There have been too many requests; please wait.")
        self.quota = quota


class ApiLimit:
    """`RATE_LIMIT`: of a user, or of an address where nobody is signed in."""

    def __init__(self, settings: Settings) -> None:
        self.tokens = AccessTokens(settings)
        self.own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.limit = settings.rate_limit
        self.shared = redis_counter("api", self.limit, settings.redis_url, SlidingWindowCounterRateLimiter)

    @property
    def blocks(self) -> bool:
        """Whether counting waits for another machine."""
        return self.shared is not None

    def count(self, authorization: str | None, address: str) -> Quota:
        """Raises RateLimited."""
        key = self._user(authorization) or network_of(address)
        quota = self.shared.count(key) if self.shared else None
        return quota or _count(self.own, "api", self.limit, key)

    def _user(self, authorization: str | None) -> str | None:
        """Whether the session has ended since is of no concern here."""
        try:
            return str(self.tokens.read(bearer_token(authorization)).user_id)
        except Unauthenticated:
            return None


class RedisCounter:
    """One limit, counted in Redis."""

    def __init__(self, name: str, limit: RateLimitItem, counters: RateLimiter) -> None:
        self.name = name
        self.limit = limit
        self.counters = counters
        self.away_until = 0.0

    def count(self, key: str) -> Quota | None:
        """None while Redis is away. Raises RateLimited."""
        if monotonic() < self.away_until:
            return None
        try:
            return _count(self.counters, self.name, self.limit, key)
        except StorageError as error:
            self.away_until = monotonic() + REDIS_ABSENCE_SECONDS  # Else every request would wait for it.
            log.warning("redis_unavailable", cause=type(error.__cause__).__name__)
            return None


def redis_counter(
    name: str, limit: RateLimitItem, url: SecretStr | None, strategy: type[RateLimiter] = MovingWindowRateLimiter
) -> RedisCounter | None:
    if url is None:
        return None
    storage = RedisStorage(
        url.get_secret_value(),
        key_prefix=SERVICE,
        wrap_exceptions=True,
        socket_timeout=REDIS_PATIENCE_SECONDS,
        socket_connect_timeout=REDIS_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]
    )
    return RedisCounter(name, limit, strategy(storage))


def _count(counters: RateLimiter, name: str, limit: RateLimitItem, key: str) -> Quota:
    allowed = counters.hit(limit, name, key)
    reset, remaining = counters.get_window_stats(limit, name, key)
    quota = Quota(name, limit, max(remaining, 0), max(ceil(reset - time()), 1))
    if not allowed:
        raise RateLimited(quota)
    return quota
