"""How often somebody may ask, with and without Redis."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import redis
from pydantic import Secret, SecretStr
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.accounts.credentials import CredentialService
from {{ cookiecutter.__package }}.accounts.schemas import LogIn
from {{ cookiecutter.__package }}.accounts.service import AccountService, InvalidCredentials
from {{ cookiecutter.__package }}.core import rate_limits
from {{ cookiecutter.__package }}.core.problems import problem_response
from {{ cookiecutter.__package }}.core.rate_limits import ApiLimit, RateLimited
from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.core.tokens import AccessTokens

from ..accounts.fakes import FakeAccountRepository

ALICE, BOB = "192.0.2.1", "192.0.2.2"


def settings(redis_url: str | None = None) -> Settings:
    return Settings(
        environment="test",
        rate_limit="3/minute",
        login_rate_limit="3/minute",
        redis_url=SecretStr(redis_url) if redis_url else None,
    )


class TestApiLimit:
    def test_counts_an_address(self) -> None:
        limit = ApiLimit(settings())

        assert [limit.count(None, ALICE).remaining for _ in range(3)] == [2, 1, 0]
        with pytest.raises(RateLimited):
            limit.count(None, ALICE)
        assert limit.count(None, BOB).remaining == 2

    def test_counts_a_user_wherever_they_are(self) -> None:
        limit = ApiLimit(settings())
        token = AccessTokens(settings()).issue(uuid7(), uuid7())

        assert [limit.count(f"Bearer {token}", address).remaining for address in (ALICE, BOB)] == [2, 1]

    @pytest.mark.parametrize("authorization", ["Bearer a.forged.token", "Bearer", "Basic YWxpY2U6YQ==", ""])
    def test_takes_nobody_for_a_user_without_a_token(self, authorization: str) -> None:
        limit = ApiLimit(settings())

        assert [limit.count(authorization, ALICE).remaining for _ in range(2)] == [2, 1]

    def test_tells_what_is_left_and_when_there_is_more(self) -> None:
        limit = ApiLimit(settings())
        for _ in range(3):
            quota = limit.count(None, ALICE)
        with pytest.raises(RateLimited) as refusal:
            limit.count(None, ALICE)

        response = problem_response(refusal.value, "/api/v1/users/me")

        assert response.status == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert response.headers["RateLimit"] == f'"api";r=0;t={response.headers["Retry-After"]}'
        assert response.headers["RateLimit-Policy"] == quota.headers()["RateLimit-Policy"] == '"api";q=3;w=60'


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

            assert [limit.count(None, ALICE).remaining for limit in (one, other, one)] == [2, 1, 0]
            with pytest.raises(RateLimited) as refusal:
                other.count(None, ALICE)

        assert 1 <= refusal.value.quota.reset <= 60

    def test_each_process_counts_on_its_own_while_redis_is_away(self, url: str) -> None:
        limit = ApiLimit(settings(url))

        assert [limit.count(None, ALICE).remaining for _ in range(3)] == [2, 1, 0]
        with pytest.raises(RateLimited):
            limit.count(None, ALICE)

    def test_it_is_used_again_when_it_is_back(
        self, port: int, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rate_limits, "REDIS_ABSENCE_SECONDS", 0)
        one, other = ApiLimit(settings(url)), ApiLimit(settings(url))
        assert [limit.count(None, ALICE).remaining for limit in (one, other)] == [2, 2]

        with self.running(port, tmp_path):
            assert [limit.count(None, ALICE).remaining for limit in (one, other)] == [2, 1]

    def test_it_counts_sign_ins_in_the_place_of_the_database(self, port: int, url: str, tmp_path: Path) -> None:
        with self.running(port, tmp_path):
            accounts = self.try_to_sign_in(url)

        assert accounts.login_attempts == {}

    def test_the_database_counts_sign_ins_while_it_is_away(self, url: str) -> None:
        accounts = self.try_to_sign_in(url)

        assert [len(attempts.times) for attempts in accounts.login_attempts.values()] == [3]

    def try_to_sign_in(self, url: str) -> FakeAccountRepository:
        """Three times without success, and once more without even a look at the password."""
        accounts = FakeAccountRepository()
        service = AccountService(accounts, settings(url))
        credentials = CredentialService(lambda: nullcontext(service), settings(url))
        form = LogIn(email="alice@example.com", password=Secret("wrong"))
        for _ in range(3):
            with pytest.raises(InvalidCredentials):
                credentials.log_in(form, ALICE, "a browser")
        with pytest.raises(RateLimited):
            credentials.log_in(form, ALICE, "a browser")
        return accounts
