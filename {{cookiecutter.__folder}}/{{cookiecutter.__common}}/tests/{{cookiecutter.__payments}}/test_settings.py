"""The secret of the payment provider follows the rules of SECRET_KEY."""

import pytest
from pydantic import ValidationError

from {{ cookiecutter.__package }}.core.settings import SHIPPED_SECRET
from {{ cookiecutter.__package }}.payments.settings import PaymentSettings

SOUND = "canary-0123456789-0123456789-0123456789"


@pytest.mark.parametrize("secret", [None, "", "   ", SHIPPED_SECRET, "canary", "canary-7" * 4])
def test_production_refuses_a_weak_one(monkeypatch: pytest.MonkeyPatch, secret: str | None) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    if secret is not None:
        monkeypatch.setenv("PAYMENT_WEBHOOK_SECRET", secret)

    with pytest.raises(ValidationError, match="PAYMENT_WEBHOOK_SECRET") as caught:
        PaymentSettings()
    assert "canary" not in str(caught.value)


def test_production_takes_a_sound_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("PAYMENT_WEBHOOK_SECRET", f" {SOUND}\n")

    assert PaymentSettings().payment_webhook_secret.get_secret_value() == SOUND
