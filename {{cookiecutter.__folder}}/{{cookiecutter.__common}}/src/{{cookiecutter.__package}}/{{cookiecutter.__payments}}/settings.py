"""Settings of payments."""

from functools import cache
from typing import Self

from pydantic import SecretStr, model_validator

from ..core.settings import SHIPPED_SECRET, EnvironmentSettings, read_settings, secret_faults


class PaymentSettings(EnvironmentSettings):
    payment_webhook_secret: SecretStr = SecretStr(SHIPPED_SECRET)

    @model_validator(mode="after")
    def refuse_weak_production(self) -> Self:
        if self.production:
            for fault in secret_faults("PAYMENT_WEBHOOK_SECRET", self.payment_webhook_secret):
                raise ValueError(fault)
        return self


@cache
def get_settings() -> PaymentSettings:
    return read_settings(PaymentSettings)
