"""Settings of the sign-in with Google and GitHub."""

import re
from contextlib import suppress
from functools import cache
from typing import Annotated, Self

from pydantic import AfterValidator, SecretStr, model_validator
from pydantic_core import Url

from ..core.settings import CommaSeparated, EnvironmentSettings, read_settings


def check_redirect_uri(value: str) -> str:
    """Also that of an app: `com.example.app:/signed-in` (RFC 8252)."""
    with suppress(ValueError):
        is_web = re.fullmatch(r"https?://[^\s#]+", value) and Url(value).host
        if is_web or re.fullmatch(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:/[^\s#]*", value):
            return value
    raise ValueError("should be like https://app.example.com/signed-in, without a fragment")


def check_provider_url(value: str) -> str:
    with suppress(ValueError):
        if re.fullmatch(r"https?://[^\s?#@]+", value) and Url(value).host:
            return value.rstrip("/")
    raise ValueError("should be like https://accounts.example.com")


RedirectUri = Annotated[str, AfterValidator(check_redirect_uri)]
ProviderUrl = Annotated[str, AfterValidator(check_provider_url)]


class OAuthSettings(EnvironmentSettings):
    google_client_id: str | None = None
    google_client_secret: SecretStr | None = None
    google_issuer: ProviderUrl = "https://accounts.google.com"
    github_client_id: str | None = None
    github_client_secret: SecretStr | None = None
    github_url: ProviderUrl = "https://github.com"
    github_api_url: ProviderUrl = "https://api.github.com"
    oauth_redirect_uris: CommaSeparated[RedirectUri] = ()

    @model_validator(mode="after")
    def refuse_half_a_configuration(self) -> Self:
        faults = []
        for name in ("google", "github"):
            client_id, secret = (getattr(self, f"{name}_client_{part}") for part in ("id", "secret"))
            if bool(client_id) != bool(secret):
                faults.append(f"{name.upper()}_CLIENT_{'SECRET' if client_id else 'ID'} is missing")
            elif client_id and not self.oauth_redirect_uris:
                faults.append(f"OAUTH_REDIRECT_URIS is missing, which {name.upper()}_CLIENT_ID needs")
        for name in ("google_issuer", "github_url", "github_api_url"):
            if self.production and getattr(self, name).startswith("http://"):
                faults.append(f"{name.upper()} should begin with https://")
        if faults:
            raise ValueError("; ".join(faults))
        return self


@cache
def get_settings() -> OAuthSettings:
    return read_settings(OAuthSettings)
