"""Settings, from environment variables and, outside the tests, from `.env`.

Development and tests need none of them. Production refuses to start with a weak secret or without a DATABASE_URL.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from dotenv.parser import parse_stream
from limits import RateLimitItem, parse, parse_many
from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, IPvAnyNetwork, SecretStr, model_validator
from pydantic_core import Url
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from .{{ cookiecutter.database }} import check_database_url

SERVICE = "{{ cookiecutter.project_slug }}"
ROOT = Path(__file__).resolve().parents[3]

SHIPPED_SECRET = "for-development-only-everybody-knows-this-one"
# In lower case, with letters and digits only.
KNOWN_SECRETS = {"fordevelopmentonly", "changeme", "insecure", "secretkey", "yoursecret"}
SECRET_BYTES = 32
TEN_YEARS = 10 * 365 * 24 * 3600
MIB = 1024 * 1024


def check_host(value: str) -> str:
    host = value.lower()
    with suppress(ValueError):
        if re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", host) and str(Url(f"http://{host}")) == f"http://{host}/":
            return host
    raise ValueError("should be like api.example.com, as browsers send it, without a scheme, port or pattern")


def check_origin(value: str) -> str:
    with suppress(ValueError):
        if re.fullmatch(r"https?://[^/*@]+", value) and str(Url(value)) == f"{value}/":
            return value
    raise ValueError("should be like https://app.example.com, as browsers send it, without a path or default port")


def check_redis_url(value: SecretStr) -> SecretStr:
    from redis import ConnectionPool, RedisError  # Slow to import, and most services do not need it.

    url = value.get_secret_value()
    with suppress(ValueError, TypeError, RedisError):
        if re.fullmatch(r"(rediss?://[^/?#\s]*(/\d*)?|unix://[^?#]*/[^?#]+)(\?.*)?", url):
            ConnectionPool.from_url(url).make_connection()  # It connects when it is used.
            return value
    raise ValueError("should be like redis://host:6379/0")


def read_rate_limit(value: object) -> object:
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        [limit] = parse_many(value)
        if limit.amount > 0 and limit.get_expiry() <= TEN_YEARS:
            return limit
    raise ValueError("should be like 300/minute or 5/15 minutes")


def split(value: object) -> object:
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


Item = TypeVar("Item")
CommaSeparated = Annotated[tuple[Item, ...], NoDecode, BeforeValidator(split)]
HostName = Annotated[str, AfterValidator(check_host)]
Origin = Annotated[str, AfterValidator(check_origin)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(check_redis_url)]
RateLimit = Annotated[InstanceOf[RateLimitItem], BeforeValidator(read_rate_limit)]
Seconds = Annotated[int, Field(gt=0, le=TEN_YEARS)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class EnvironmentSettings(BaseSettings):
    """What the settings of the service and those of a feature (`settings.py` in its folder) have in common."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "test", "production"] = "development"

    @model_validator(mode="before")
    @classmethod
    def strip(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Ignores spaces and newlines around a value, and a value that is empty without them."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @property
    def production(self) -> bool:
        return self.environment == "production"


class Settings(EnvironmentSettings):
    port: int = Field(default=8000, ge=1, le=65535)
    database_url: DatabaseUrl | None = None
    redis_url: RedisUrl | None = None
    secret_key: SecretStr = SecretStr(SHIPPED_SECRET)
    access_token_ttl: Seconds = 15 * 60
    refresh_token_ttl: Seconds = 30 * 24 * 3600
    session_max_age: Seconds = 90 * 24 * 3600
    allowed_hosts: CommaSeparated[HostName] = ()
    cors_origins: CommaSeparated[Origin] = ()
    trusted_proxies: CommaSeparated[IPvAnyNetwork] = ()
    max_body_bytes: int = Field(default=MIB, ge=1024, le=64 * MIB)
    rate_limit: RateLimit = parse("300/minute")
    login_rate_limit: RateLimit = parse("5/15 minutes")
    docs: bool | None = None
    log_level: LogLevel = "INFO"
    log_format: Literal["console", "json"] | None = None

    @model_validator(mode="before")
    @classmethod
    def allow_more_in_development(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in values.items() if str(value).strip()}
        if str(given.get("environment", "development")).strip() == "development":
            given.setdefault("login_rate_limit", "100/15 minutes")
        return given

    @model_validator(mode="after")
    def refuse_weak_production(self) -> Self:
        """Names settings, never their values."""
        faults = list(secret_faults("SECRET_KEY", self.secret_key))
        if not self.database_url:
            faults.append("DATABASE_URL is missing")
        if not self.allowed_hosts:
            faults.append("ALLOWED_HOSTS is missing")
        if faults and self.production:
            raise ValueError("; ".join(faults))
        return self

    @property
    def docs_served(self) -> bool:
        return not self.production if self.docs is None else self.docs

    @property
    def logs_as_json(self) -> bool:
        return (self.log_format or ("json" if self.production else "console")) == "json"


def secret_faults(name: str, secret: SecretStr) -> Iterator[str]:
    if weakness := weakness_of(secret.get_secret_value()):
        yield f"{name} {weakness}: make one with `openssl rand -hex {SECRET_BYTES}`"


def weakness_of(secret: str) -> str | None:
    """Why a secret is too easy to guess for production; None if it is not."""
    folded = secret.casefold()
    if any(known in re.sub(r"[\W_]", "", folded) for known in KNOWN_SECRETS):
        return "is missing, or one that everybody knows"
    if len(secret.encode()) < SECRET_BYTES:
        return f"has fewer than {SECRET_BYTES} bytes"
    if re.search(r'-----begin|^(ssh|ecdsa|sk)-|"kty"', folded):
        return "is a key of another kind"
    if len(set(folded)) < 8:
        return "has too few different characters"
    if any(folded[period:] == folded[:-period] for period in range(1, len(folded) // 2 + 1)):
        return "repeats a short pattern"
    return None


@cache
def get_settings() -> Settings:
    return read_settings(Settings)


def read_settings[Kind: EnvironmentSettings](kind: type[Kind]) -> Kind:
    """Raises pydantic's ValidationError, or SettingsError for `.env`: they name the setting, never its value."""
    # Tests do not read a developer's own file.
    if os.environ.get("ENVIRONMENT", "").strip() == "test":
        return kind()
    check_env_file(ROOT / ".env")
    return kind(_env_file=ROOT / ".env")


def check_env_file(path: Path) -> None:
    """Otherwise a line that can't be read would be skipped, and the default used without a message."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}, is not UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {os.strerror(error.errno or 0)}") from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            blank = binding.original.string.removesuffix(binding.original.string.lstrip())
            raise SettingsError(f"{path}, line {binding.original.line + blank.count('\n')}, is not NAME=value")
