"""Settings of the sign-in with Google and GitHub."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Annotated, Self

from pydantic import AfterValidator, SecretStr, model_validator
from pydantic_core import Url

from ..core.settings import CommaSeparated, EnvironmentSettings, read_settings

GITHUB_URL, GITHUB_API_URL = "https://github.com", "https://api.github.com"
URI_LENGTH = 2000


def check_redirect_uri(value: str) -> str:
    """Also that of an app: `com.example.app:/signed-in` (RFC 8252)."""
    with suppress(ValueError):
        is_web = re.fullmatch(r"https?://[^\s#@*\\]+", value) and Url(value).host
        if len(value) <= URI_LENGTH and (is_web or re.fullmatch(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:/[^\s#]*", value)):
            return value
    raise ValueError("should be like https://app.example.com/signed-in, without a fragment")


def check_provider_url(value: str) -> str:
    with suppress(ValueError):
        if re.fullmatch(r"https?://[^\s?#@]+", value) and Url(value).host:
            return value
    raise ValueError("should be like https://accounts.example.com")


def is_unencrypted(url: str) -> bool:
    """Whether what is sent there could be read on the way."""
    return url.startswith("http://") and Url(url).host not in {"localhost", "127.0.0.1", "[::1]"}


RedirectUri = Annotated[str, AfterValidator(check_redirect_uri)]
Issuer = Annotated[str, AfterValidator(check_provider_url)]
ProviderUrl = Annotated[str, AfterValidator(check_provider_url), AfterValidator(lambda url: url.rstrip("/"))]


class OAuthSettings(EnvironmentSettings):
    google_client_id: str | None = None
    google_client_secret: SecretStr | None = None
    google_issuer: Issuer = "https://accounts.google.com"
    github_client_id: str | None = None
    github_client_secret: SecretStr | None = None
    github_url: ProviderUrl = GITHUB_URL
    github_api_url: ProviderUrl = GITHUB_API_URL
    oauth_redirect_uris: CommaSeparated[RedirectUri] = ()

    def _urls(self) -> Iterator[tuple[str, str]]:
        for name in ("google_issuer", "github_url", "github_api_url"):
            yield name.upper(), getattr(self, name)
        for uri in self.oauth_redirect_uris:
            yield "OAUTH_REDIRECT_URIS", uri

    @model_validator(mode="after")
    def refuse_half_a_configuration(self) -> Self:
        faults = []
        for name in ("google", "github"):
            client_id, secret = (getattr(self, f"{name}_client_{part}") for part in ("id", "secret"))
            if bool(client_id) != bool(secret):
                faults.append(f"{name.upper()}_CLIENT_{'SECRET' if client_id else 'ID'} is missing")
            elif client_id and not self.oauth_redirect_uris:
                faults.append(f"OAUTH_REDIRECT_URIS is missing, which {name.upper()}_CLIENT_ID needs")
        if (self.github_url == GITHUB_URL) != (self.github_api_url == GITHUB_API_URL):
            faults.append("GITHUB_URL and GITHUB_API_URL belong together: set both, or none")
        if self.production:
            faults += [f"{name} should begin with https://" for name, url in self._urls() if is_unencrypted(url)]
        if faults:
            raise ValueError("; ".join(faults))
        return self


@cache
def get_settings() -> OAuthSettings:
    return read_settings(OAuthSettings)
