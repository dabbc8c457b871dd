"""`LOGIN_RATE_LIMIT`: how often a password may be tried, right or wrong. `MAIL_RATE_LIMIT`: how often a mail may be
asked for.

Exact across workers and restarts: attempts are counted in the database, or in Redis where there is one.
"""

from datetime import UTC, datetime, timedelta
from math import ceil

from limits import RateLimitItem

from ..core.errors import Quota, RateLimited
from .repository import AuthRepository


class AttemptLimit:
    def __init__(self, auth: AuthRepository, name: str, limit: RateLimitItem) -> None:
        self.auth = auth
        self.name = name
        self.limit = limit

    def count(self, key: str) -> None:
        """Raises RateLimited. Attempts for one key that arrive together are counted one after the other."""
        now = datetime.now(UTC)
        window = timedelta(seconds=self.limit.get_expiry())
        attempts = self.auth.lock_login_attempts(key, now + window)
        recent = [time for time in attempts.times if time > (now - window).timestamp()]
        if len(recent) >= self.limit.amount:
            reset = ceil(recent[0] - (now - window).timestamp())
            raise RateLimited(Quota(self.name, self.limit, remaining=0, reset=reset))
        attempts.times = [*recent, now.timestamp()]
        self.auth.save_login_attempts(attempts)

    def forget(self, key: str) -> None:
        self.auth.remove_login_attempts_for(key)
