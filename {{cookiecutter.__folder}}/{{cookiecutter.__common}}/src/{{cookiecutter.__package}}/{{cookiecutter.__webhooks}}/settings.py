"""Settings of webhooks."""

from functools import cache
from typing import Self

from pydantic import model_validator

from ..core.settings import EnvironmentSettings, read_settings


class WebhookSettings(EnvironmentSettings):
    webhook_allow_private: bool = False

    @model_validator(mode="after")
    def refuse_private_in_production(self) -> Self:
        if self.production and self.webhook_allow_private:
            raise ValueError("WEBHOOK_ALLOW_PRIVATE would let administrators reach the network of the service")
        return self


@cache
def get_settings() -> WebhookSettings:
    return read_settings(WebhookSettings)
