"""Settings, from environment variables and, outside the tests, from `.env`.

Development and tests need none of them. Production refuses to start on a weak secret or a missing address.
"""

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from limits import RateLimitItem, parse, parse_many
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    IPvAnyNetwork,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis import ConnectionPool

from .database_address import check_database_url

SERVICE = "{{ cookiecutter.project_slug }}"
ROOT = Path(__file__).resolve().parents[3]

SHIPPED_SECRET = "for-development-only-everybody-knows-this-one"
SECRET_BYTES = 32
TEN_YEARS = 10 * 365 * 24 * 3600

HostName = Annotated[str, StringConstraints(to_lower=True, pattern=r"^([a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/*\s]+$")]


def rate_limit(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        [limit] = parse_many(value)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise ValueError("should be like 300/minute or 5/15 minutes")
    return limit


def redis_url(value: SecretStr) -> SecretStr:
    try:
        ConnectionPool.from_url(value.get_secret_value())
    except ValueError:
        raise ValueError("should be like redis://host:6379/0") from None
    return value


DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(redis_url)]
RateLimit = Annotated[InstanceOf[RateLimitItem], BeforeValidator(rate_limit)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "test", "production"] = "development"
    database_url: DatabaseUrl | None = None
    redis_url: RedisUrl | None = None
    secret_key: SecretStr = SecretStr(SHIPPED_SECRET)
    access_token_ttl: int = Field(default=15 * 60, gt=0, le=TEN_YEARS, description="Seconds.")
    refresh_token_ttl: int = Field(default=30 * 24 * 3600, gt=0, le=TEN_YEARS, description="Seconds.")
    allowed_hosts: Annotated[tuple[HostName, ...], NoDecode] = ()
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    rate_limit: RateLimit = parse("300/minute")
    login_rate_limit: RateLimit = parse("5/15 minutes")
    docs: bool | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] | None = None

    @field_validator("allowed_hosts", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def refuse_weak_production(self) -> Self:
        if self.production and (faults := list(self.faults())):
            raise ValueError("; ".join(faults))
        return self

    def faults(self) -> list[str]:
        """What keeps these settings from production. Names settings, never their values."""
        secret = self.secret_key.get_secret_value()
        faults = {
            "SECRET_KEY is missing, or the one that is shipped for development": secret == SHIPPED_SECRET,
            f"SECRET_KEY has fewer than {SECRET_BYTES} bytes": len(secret.strip().encode()) < SECRET_BYTES,
            "DATABASE_URL is missing": not self.database_url,
            "ALLOWED_HOSTS is missing": not self.allowed_hosts,
        }
        return [fault for fault, found in faults.items() if found]

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def docs_served(self) -> bool:
        return not self.production if self.docs is None else self.docs

    @property
    def logs_as_json(self) -> bool:
        return (self.log_format or ("json" if self.production else "console")) == "json"


@cache
def get_settings() -> Settings:
    """Raises pydantic's ValidationError, which names the setting at fault and hides its value."""
    # Tests take nothing from a developer's own file.
    env_file = None if os.environ.get("ENVIRONMENT") == "test" else ROOT / ".env"
    return Settings(_env_file=env_file)


def explain(error: ValidationError, **names: str) -> str:
    """The faults, one a line, in the words of the environment: a field by its name there, else in capitals."""
    return "\n".join(
        ": ".join(
            [
                *(names.get(str(part), str(part).upper()) for part in fault["loc"]),
                fault["msg"].removeprefix("Value error, "),
            ]
        )
        for fault in error.errors(include_input=False, include_url=False)
    )
