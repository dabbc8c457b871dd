"""`LOGIN_RATE_LIMIT`: how often a password may be tried, right or wrong.

Exact across workers and restarts: attempts are counted in the database, or in Redis where there is one.
"""

from datetime import UTC, datetime, timedelta
from math import ceil

from ..core.errors import Quota, RateLimited
from ..core.settings import Settings
from .repository import AuthRepository


class LoginLimit:
    def __init__(self, auth: AuthRepository, settings: Settings) -> None:
        self.auth = auth
        self.limit = settings.login_rate_limit

    def count(self, key: str) -> None:
        """Raises RateLimited. Attempts for one key that arrive together are counted one after the other."""
        now = datetime.now(UTC)
        window = timedelta(seconds=self.limit.get_expiry())
        attempts = self.auth.lock_login_attempts(key, now + window)
        recent = [time for time in attempts.times if time > (now - window).timestamp()]
        if len(recent) >= self.limit.amount:
            reset = ceil(recent[0] - (now - window).timestamp())
            raise RateLimited(Quota("login", self.limit, remaining=0, reset=reset))
        attempts.times = [*recent, now.timestamp()]
        self.auth.save_login_attempts(attempts)

    def forget(self, key: str) -> None:
        self.auth.remove_login_attempts_for(key)
