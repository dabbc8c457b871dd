"""Settings of mail."""

import re
from contextlib import suppress
from email.utils import parseaddr
from functools import cache
from typing import Annotated, Self

from limits import parse
from pydantic import AfterValidator, SecretStr, model_validator
from pydantic_core import PydanticCustomError, Url

from ..core.settings import EnvironmentSettings, RateLimit, read_settings
from ..users.schemas import normalized_email

DEFAULT_URLS = {"development": SecretStr("console:"), "test": SecretStr("none:")}


def check_mail_url(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text in {"console:", "none:"}:
        return value
    with suppress(ValueError):
        url = Url(text)
        if re.fullmatch(r"smtps?://[^/?#]+/?", text) and url.host and bool(url.username) == bool(url.password):
            return value
    raise ValueError("should be like smtp://user:password@host:587, smtps://host, console: or none:")


def check_public_url(value: str) -> str:
    with suppress(ValueError):
        if re.fullmatch(r"https?://[^/?#@\s][^?#@\s]*", value) and Url(value).host:
            return value.rstrip("/")
    raise ValueError("should be like https://app.example.com")


def check_sender(value: str) -> str:
    with suppress(PydanticCustomError):
        if value.isprintable() and normalized_email(parseaddr(value)[1]):
            return value
    raise ValueError("should be like hello@example.com or Example <hello@example.com>")


class MailSettings(EnvironmentSettings):
    mail_url: Annotated[SecretStr, AfterValidator(check_mail_url)] | None = None
    mail_from: Annotated[str, AfterValidator(check_sender)] | None = None
    public_url: Annotated[str, AfterValidator(check_public_url)] | None = None
    mail_rate_limit: RateLimit = parse("5/hour")

    @model_validator(mode="after")
    def refuse_production_without_mail(self) -> Self:
        if self.production and self.mail_url is None:
            raise ValueError("MAIL_URL is missing; none: sends no mail")
        return self

    @property
    def server(self) -> SecretStr:
        return self.mail_url or DEFAULT_URLS[self.environment]


@cache
def get_settings() -> MailSettings:
    return read_settings(MailSettings)
