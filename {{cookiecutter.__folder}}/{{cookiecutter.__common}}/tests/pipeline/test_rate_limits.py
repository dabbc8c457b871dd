"""Rate limits, with and without Redis."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from limits import parse
from pydantic import SecretStr
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from {{ cookiecutter.__package }}.auth.credentials import InvalidCredentials
from {{ cookiecutter.__package }}.core.errors import RateLimited
from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.pipeline import rate_limits
from {{ cookiecutter.__package }}.pipeline.rate_limits import ApiLimit, MemoryCounter

from ..auth.fakes import FakeAccounts, log_in

ALICE, BOB = "192.0.2.1", "192.0.2.2"


def settings(redis_url: str | None = None) -> Settings:
    return Settings(
        environment="test",
        rate_limit="3/minute",
        login_rate_limit="3/minute",
        redis_url=SecretStr(redis_url) if redis_url else None,
    )


class TestMemoryCounter:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
        """The time in seconds, which a test can change. Windows begin at multiples of 60."""
        clock = [600.0]
        monkeypatch.setattr(rate_limits, "time", lambda: clock[0])
        yield clock

    def test_counts_each_key(self, clock: list[float]) -> None:
        counter = MemoryCounter("api", parse("3/minute"))

        assert [counter.count(ALICE).remaining for _ in range(3)] == [2, 1, 0]
        with pytest.raises(RateLimited) as refusal:
            counter.count(ALICE)
        assert refusal.value.quota.reset == 60
        assert counter.count(BOB).remaining == 2

    def test_slides(self, clock: list[float]) -> None:
        counter = MemoryCounter("api", parse("10/minute"))
        clock[0] = 630
        for _ in range(10):
            counter.count(ALICE)

        clock[0] = 660
        with pytest.raises(RateLimited) as refusal:
            counter.count(ALICE)
        clock[0] += refusal.value.quota.reset
        assert counter.count(ALICE).remaining == 0
        with pytest.raises(RateLimited):
            counter.count(ALICE)
        clock[0] = 690
        assert counter.count(ALICE).remaining == 3
        clock[0] = 900
        assert counter.count(ALICE).remaining == 9

    def test_a_refused_request_does_not_count(self, clock: list[float]) -> None:
        counter = MemoryCounter("api", parse("1/minute"))
        counter.count(ALICE)
        for _ in range(100):
            with pytest.raises(RateLimited):
                counter.count(ALICE)

        clock[0] += 120

        assert counter.count(ALICE)

    def test_forgets_keys_that_came_long_ago(self, clock: list[float]) -> None:
        counter = MemoryCounter("api", parse("3/minute"))
        for number in range(1000):
            counter.count(str(number))

        clock[0] += 120
        for number in range(100):
            counter.count(f"later {number}")

        assert len(counter.windows) == 100

    def test_has_bounds(self, clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rate_limits, "MAX_KEYS", 2000)
        counter = MemoryCounter("api", parse("3/minute"))

        for number in range(20_000):
            counter.count(str(number))

        assert len(counter.windows) <= 4000
        assert counter.count("19999").remaining == 1


class TestRedis:
    @pytest.fixture
    def port(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
            return port

    @pytest.fixture
    def url(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    @contextmanager
    def running(self, port: int, folder: Path) -> Iterator[None]:
        if not (server := shutil.which("redis-server")):
            pytest.skip("There is no redis-server on this machine.")
        with subprocess.Popen(
            [server, "--port", str(port), "--bind", "127.0.0.1", "--save", ""], cwd=folder, stdout=subprocess.DEVNULL
        ) as process:
            redis.Redis(port=port, retry=Retry(ConstantBackoff(0.05), 100, (redis.ConnectionError,))).ping()
            yield
            process.terminate()

    def test_instances_share_their_counters(self, port: int, url: str, tmp_path: Path) -> None:
        with self.running(port, tmp_path):
            one, other = ApiLimit(settings(url)), ApiLimit(settings(url))

            assert [limit.count(ALICE).remaining for limit in (one, other, one)] == [2, 1, 0]
            with pytest.raises(RateLimited) as refusal:
                other.count(ALICE)

        assert 1 <= refusal.value.quota.reset <= 60

    def test_each_process_counts_on_its_own_while_redis_is_away(self, url: str) -> None:
        limit = ApiLimit(settings(url))

        assert [limit.count(ALICE).remaining for _ in range(3)] == [2, 1, 0]
        with pytest.raises(RateLimited):
            limit.count(ALICE)

    def test_it_is_used_again_when_it_is_back(
        self, port: int, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rate_limits, "REDIS_COOLDOWN_SECONDS", 0)
        one, other = ApiLimit(settings(url)), ApiLimit(settings(url))
        assert [limit.count(ALICE).remaining for limit in (one, other)] == [2, 2]

        with self.running(port, tmp_path):
            assert [limit.count(ALICE).remaining for limit in (one, other)] == [2, 1]

    def test_it_counts_sign_ins_instead_of_the_database(self, port: int, url: str, tmp_path: Path) -> None:
        with self.running(port, tmp_path):
            accounts = self.try_to_sign_in(url)

        assert accounts.auth.login_attempts == {}

    def test_the_database_counts_sign_ins_while_it_is_away(self, url: str) -> None:
        accounts = self.try_to_sign_in(url)

        assert [len(attempts.times) for attempts in accounts.auth.login_attempts.values()] == [3]

    def try_to_sign_in(self, url: str) -> FakeAccounts:
        """Fails three times. The fourth attempt is refused before the password is checked."""
        accounts = FakeAccounts(settings(url))
        for _ in range(3):
            with pytest.raises(InvalidCredentials):
                log_in(accounts.credentials, client_ip=ALICE)
        with pytest.raises(RateLimited):
            log_in(accounts.credentials, client_ip=ALICE)
        return accounts
