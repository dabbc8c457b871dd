"""Settings of webhooks."""

import pytest

from {{ cookiecutter.__package }}.webhooks.schemas import NewWebhook
from {{ cookiecutter.__package }}.webhooks.settings import WebhookSettings


def test_private_addresses_are_refused_in_production() -> None:
    with pytest.raises(ValueError, match="WEBHOOK_ALLOW_PRIVATE would let"):
        WebhookSettings(environment="production", webhook_allow_private=True)


def test_production_takes_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    production = WebhookSettings(environment="production")
    monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.schemas.get_settings", lambda: production)

    with pytest.raises(ValueError, match="Input should begin with https"):
        NewWebhook(url="http://example.com/")
    NewWebhook(url="https://example.com/")
