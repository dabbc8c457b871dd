"""What production starts with, and what it refuses."""

import pytest
from pydantic import SecretStr, ValidationError

from {{ cookiecutter.__package }}.core.settings import SHIPPED_SECRET, Settings, explain

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
    assert settings.logs_as_json
    assert not settings.docs_served


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", " " * 40),
        ("SECRET_KEY", "canary" * 5 + "x"),
        ("SECRET_KEY", SHIPPED_SECRET),
        ("DATABASE_URL", None),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://canary"),
        ("DATABASE_URL", "canary"),
        ("DATABASE_URL", "{{ "sqlite:///" if cookiecutter.database == "sqlite" else "postgresql://u:canary@[::1/db" }}"),
        ("REDIS_URL", "redis://:canary#x@localhost:6379/0"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", " , "),
        ("ALLOWED_HOSTS", "https://canary.example.com"),
        ("ALLOWED_HOSTS", "*"),
        ("CORS_ORIGINS", "canary.example.com"),
        ("CORS_ORIGINS", "https://canary.example.com/"),
        ("ACCESS_TOKEN_TTL", "0"),
        ("REFRESH_TOKEN_TTL", "canary"),
        ("LOG_FORMAT", "canary"),
        ("RATE_LIMIT", "canary"),
        ("RATE_LIMIT", "0/minute"),
        ("LOGIN_RATE_LIMIT", "5/minute; 9/canary"),
        ("TRUSTED_PROXIES", "canary"),
    ],
)
def test_production_names_the_fault_and_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {name: value})

    assert name in explain(refusal.value)
    assert "canary" not in explain(refusal.value) + str(refusal.value)


def test_production_names_all_faults_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {"SECRET_KEY": None, "DATABASE_URL": None, "ALLOWED_HOSTS": None})

    assert all(name in explain(refusal.value) for name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"))


def test_development_needs_nothing() -> None:
    settings = Settings(environment="development", database_url=None)

    assert settings.secret_key == SecretStr(SHIPPED_SECRET)
    assert settings.docs_served
