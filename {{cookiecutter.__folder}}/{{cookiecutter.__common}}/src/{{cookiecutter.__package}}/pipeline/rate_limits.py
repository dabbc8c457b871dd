"""Rate limits, per user or per IP address.

With `REDIS_URL`, the counters are in Redis, and several instances share them. Without it, or while Redis does not
answer, each process counts on its own.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from threading import Lock
from time import monotonic, time

import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from pydantic import SecretStr

from ..core.errors import Quota, RateLimited
from ..core.settings import SERVICE, Settings

log = structlog.get_logger()

REDIS_TIMEOUT_SECONDS = 0.5
REDIS_COOLDOWN_SECONDS = 5
MAX_KEYS = 100_000

type Network = IPv4Network | IPv6Network


class ApiLimit:
    """`RATE_LIMIT`. `blocks` says whether counting waits for another machine."""

    def __init__(self, settings: Settings) -> None:
        self.own = MemoryCounter("api", settings.rate_limit)
        self.shared = redis_counter("api", settings.rate_limit, settings.redis_url, SlidingWindowCounterRateLimiter)
        self.blocks = self.shared is not None

    def count(self, key: str) -> Quota:
        """Raises RateLimited."""
        return (self.shared and self.shared.count(key)) or self.own.count(key)


class MemoryCounter:
    """One limit, counted in this process in a sliding window: hits in the previous window count in part.

    The `limits` package has such a counter too, but it starts a thread every 10 ms that walks over all keys.
    """

    def __init__(self, name: str, limit: RateLimitItem) -> None:
        self.name = name
        self.limit = limit
        self.windows: dict[str, tuple[int, int, int]] = {}  # Window, hits in the previous one, hits.
        self.sweep_at = 1024
        self.lock = Lock()

    def count(self, key: str) -> Quota:
        """Raises RateLimited."""
        seconds, amount = self.limit.get_expiry(), self.limit.amount
        window, passed = divmod(time(), seconds)
        left = seconds - passed
        with self.lock:
            number, before, hits = self.windows.get(key, (0, 0, 0))
            if number != window:
                before, hits = (hits if number == window - 1 else 0), 0
            used = int(before * left / seconds) + hits
            if used < amount:
                self.windows[key] = (int(window), before, hits + 1)
                self._sweep(int(window))
                return Quota(self.name, self.limit, amount - used - 1, ceil(left))
        # Until enough of the previous window has passed or, if that is not enough, until the next window.
        wait = left - (amount - hits) * seconds / before if hits < amount else left
        raise RateLimited(Quota(self.name, self.limit, 0, max(ceil(wait), 1)))

    def _sweep(self, window: int) -> None:
        if len(self.windows) < self.sweep_at:
            return
        recent = [(key, counted) for key, counted in self.windows.items() if counted[0] >= window - 1]
        self.windows = dict(recent[-MAX_KEYS:])
        self.sweep_at = min(max(2 * len(self.windows), 1024), 2 * MAX_KEYS)


class RedisCounter:
    """One limit, counted in Redis. After a failure, a circuit breaker keeps requests from waiting for Redis."""

    def __init__(self, name: str, limit: RateLimitItem, counters: RateLimiter) -> None:
        self.name = name
        self.limit = limit
        self.counters = counters
        self.open_until = 0.0

    def count(self, key: str) -> Quota | None:
        """None while Redis is away. Raises RateLimited."""
        if monotonic() < self.open_until:
            return None
        try:
            allowed = self.counters.hit(self.limit, self.name, key)
            reset, remaining = self.counters.get_window_stats(self.limit, self.name, key)
        except StorageError as error:
            self.open_until = monotonic() + REDIS_COOLDOWN_SECONDS
            log.warning("redis_unavailable", cause=type(error.__cause__).__name__)
            return None
        quota = Quota(self.name, self.limit, max(remaining, 0), max(ceil(reset - time()), 1))
        if not allowed:
            raise RateLimited(quota)
        return quota


def redis_counter(
    name: str, limit: RateLimitItem, url: SecretStr | None, strategy: type[RateLimiter] = MovingWindowRateLimiter
) -> RedisCounter | None:
    if url is None:
        return None
    # Only who has Redis pays for its client.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    storage = RedisStorage(
        url.get_secret_value(),
        key_prefix=SERVICE,
        wrap_exceptions=True,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]
    )
    return RedisCounter(name, limit, strategy(storage))


def network_of(address: str) -> str:
    """The key for a limit: the IP address or, for IPv6, its /64 network, because one client may use all of it."""
    match parse_ip(address):
        case IPv6Address() as parsed:
            return str(ip_network((parsed, 64), strict=False))
        case IPv4Address() as parsed:
            return str(parsed)
        case None:
            return address  # Another kind of socket.


def parse_ip(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])  # Without the zone id of IPv6.
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
