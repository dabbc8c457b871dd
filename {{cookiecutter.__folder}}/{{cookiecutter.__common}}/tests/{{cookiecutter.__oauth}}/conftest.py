"""Fixtures: the provider."""

import pytest

from .provider import Provider


@pytest.fixture
def provider() -> Provider:
    from .factories import forget_what_is_cached, set_up_provider

    provider = set_up_provider()
    provider.reset()
    forget_what_is_cached(provider)
    return provider
