"""Which settings the service starts with, and which it refuses."""

from hashlib import sha256
from pathlib import Path

import pytest
from limits import parse
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from {{ cookiecutter.__package }}.cli import explain
from {{ cookiecutter.__package }}.core.settings import SHIPPED_SECRET, Settings, check_env_file

SOUND = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "canary-0123456789-0123456789-0123456789",
    "DATABASE_URL": "{{ "sqlite:////canary" if cookiecutter.database == "sqlite" else "postgresql://canary@db.example/canary" }}",
    "ALLOWED_HOSTS": "api.example.com, WWW.example.com",
}


def load(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None]) -> Settings:
    for name, value in (SOUND | changes).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return Settings()


def test_production_starts_with_sound_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, {})

    assert settings.allowed_hosts == ("api.example.com", "www.example.com")
    assert settings.login_rate_limit == parse("5/15 minutes")
    assert settings.logs_as_json
    assert not settings.docs_served


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "8080"),
        ("SECRET_KEY", SOUND["SECRET_KEY"]),
        ("DATABASE_URL", SOUND["DATABASE_URL"]),
        ("REDIS_URL", "redis://:password@localhost:6379/0"),
        ("ALLOWED_HOSTS", "api.example.com"),
        ("CORS_ORIGINS", "https://app.example.com"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("MAX_BODY_BYTES", "2048"),
        ("RATE_LIMIT", "5/minute"),
        ("DOCS", "true"),
        ("LOG_LEVEL", "debug"),
        ("LOG_FORMAT", "console"),
    ],
)
def test_what_surrounds_a_value_does_not_count(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert load(monkeypatch, {name: f" \t{value}\r\n"}) == load(monkeypatch, {name: value})


@pytest.mark.parametrize("name", sorted(name.upper() for name in Settings.model_fields))
def test_a_blank_value_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    nothing = dict.fromkeys(SOUND)

    assert load(monkeypatch, nothing | {name: " \n"}) == load(monkeypatch, nothing | {name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("SECRET_KEY", None),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", " " * 40),
        ("SECRET_KEY", "canary-0123456789-0123456789---"),
        ("SECRET_KEY", SHIPPED_SECRET),
        ("SECRET_KEY", f" {SHIPPED_SECRET.upper()} "),
        ("SECRET_KEY", SHIPPED_SECRET.replace("-", " ")),
        ("SECRET_KEY", "please change me, canary 0123456789abcdef"),
        ("SECRET_KEY", "a" * 32),
        ("SECRET_KEY", "0" * 64),
        ("SECRET_KEY", "canaryyranaccannaryyarrnacayrnca"),
        ("SECRET_KEY", "1234567890" * 4),
        ("SECRET_KEY", "canary-7" * 4),
        ("SECRET_KEY", "Canary-71 cANARY-71 canary-71 canary"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "canary"),
        ("REDIS_URL", "canary"),
        ("REDIS_URL", "redis://:canary#x@localhost:6379/0"),
        ("REDIS_URL", "redis://canary:65536/0"),
        ("REDIS_URL", "redis://localhost/canary"),
        ("REDIS_URL", "redis://localhost/0?canary=1"),
        ("REDIS_URL", "unix://"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", " , "),
        ("ALLOWED_HOSTS", "https://canary.example.com"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "*.canary.example.com"),
        ("ALLOWED_HOSTS", "canary.example.com/path"),
        ("ALLOWED_HOSTS", "canary.example.com:8000"),
        ("ALLOWED_HOSTS", "user@canary.example.com"),
        ("ALLOWED_HOSTS", "10.0.0.256"),
        ("ALLOWED_HOSTS", "[::canary]"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "canary.example.com"),
        ("CORS_ORIGINS", "https://canary.example.com/"),
        ("CORS_ORIGINS", "https://canary.example.com/path"),
        ("CORS_ORIGINS", "https://canary.example.com?query"),
        ("CORS_ORIGINS", "https://user@canary.example.com"),
        ("CORS_ORIGINS", "https://canary.example.com:65536"),
        ("CORS_ORIGINS", "https://canary.example.com:443"),
        ("CORS_ORIGINS", "http://canary.example.com:80"),
        ("CORS_ORIGINS", "https://Canary.example.com"),
        ("CORS_ORIGINS", "https://*.canary.example.com"),
        ("ACCESS_TOKEN_TTL", "0"),
        ("REFRESH_TOKEN_TTL", "canary"),
        ("SESSION_MAX_AGE", "-1"),
        ("MAX_BODY_BYTES", "1023"),
        ("MAX_BODY_BYTES", "67108865"),
        ("LOG_FORMAT", "canary"),
        ("LOG_LEVEL", "canary"),
        ("RATE_LIMIT", "canary"),
        ("RATE_LIMIT", "0/minute"),
        ("LOGIN_RATE_LIMIT", "5/minute; 9/canary"),
        ("LOGIN_RATE_LIMIT", "5/99999999 years"),
        ("TRUSTED_PROXIES", "canary"),
    ],
)
def test_production_names_the_fault_and_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {name: value})

    assert explain(refusal.value).count(name) == len(explain(refusal.value).splitlines()) == 1
    assert "canary" not in explain(refusal.value) + str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "localhost, 127.0.0.1, [::1], xn--bcher-kva.example, my_host"),
        ("CORS_ORIGINS", "http://localhost:3000, https://[::1]:8443, https://app.example.com"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "rediss://user:p%40ss@cache.example:6380/1?health_check_interval=30"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
    ],
)
def test_what_can_work_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    load(monkeypatch, {name: value})


@pytest.mark.parametrize(
    "weak", ["a" * 32, None, *[start + SOUND["SECRET_KEY"] for start in ("-----BEGIN RSA", "ssh-rsa ")]]
)
def test_a_weak_secret_is_refused_with_the_command_for_a_good_one(
    monkeypatch: pytest.MonkeyPatch, weak: str | None
) -> None:
    with pytest.raises(ValidationError, match="make one with `openssl rand -hex 32`"):
        load(monkeypatch, {"SECRET_KEY": weak})


@pytest.mark.parametrize("length", [32, 64])
def test_random_secrets_are_good(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    for seed in range(100):
        load(monkeypatch, {"SECRET_KEY": sha256(bytes([seed])).hexdigest()[:length]})


def test_production_names_all_faults_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {"SECRET_KEY": None, "DATABASE_URL": None, "ALLOWED_HOSTS": None})

    assert all(name in explain(refusal.value) for name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"))


def test_development_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, dict.fromkeys(SOUND))

    assert settings.secret_key == SecretStr(SHIPPED_SECRET)
    assert settings.login_rate_limit == parse("100/15 minutes")
    assert settings.docs_served


def test_development_may_limit_sign_ins_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, dict.fromkeys(SOUND) | {"LOGIN_RATE_LIMIT": "7/minute"})

    assert settings.login_rate_limit == parse("7/minute")


class TestEnvFile:
    def test_may_be_missing(self, tmp_path: Path) -> None:
        check_env_file(tmp_path / ".env")

    def test_may_hold_what_a_shell_understands(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_bytes("\ufeff# Größe\r\n\r\nexport A=1\nB='two\nlines'\nC=\nD = 4 # four".encode())

        check_env_file(tmp_path / ".env")

    @pytest.mark.parametrize(
        ("content", "line"),
        [
            (b'A=1\n\n\nSECRET_KEY="canary\nB=2\n', 4),
            (b"canary\n", 1),
            (b"A=1\nSECRET_KEY: canary", 2),
            (b"A=1\nB=2\nSECRET_KEY=canary\xff\n", 3),
            ("SECRET_KEY=canary".encode("utf-16"), 1),
        ],
    )
    def test_is_refused_by_file_and_line(self, tmp_path: Path, content: bytes, line: int) -> None:
        (tmp_path / ".env").write_bytes(content)

        with pytest.raises(SettingsError) as refusal:
            check_env_file(tmp_path / ".env")

        assert str(refusal.value).startswith(f"{tmp_path / '.env'}, line {line}, is not ")
        assert "canary" not in str(refusal.value)

    def test_is_no_directory(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="can't be read: "):
            check_env_file(tmp_path)
