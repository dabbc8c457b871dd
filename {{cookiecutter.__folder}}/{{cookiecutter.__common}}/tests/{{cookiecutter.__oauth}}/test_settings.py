"""Settings of the sign-in with Google and GitHub."""

import pytest

from {{ cookiecutter.__package }}.oauth.settings import OAuthSettings

GOOGLE = {"google_client_id": "a", "google_client_secret": "b", "oauth_redirect_uris": "https://example.com/in"}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOGLE.items() if key != name}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("google_client_id", "GOOGLE_CLIENT_ID is missing"),
        ("google_client_secret", "GOOGLE_CLIENT_SECRET is missing"),
        ("oauth_redirect_uris", "OAUTH_REDIRECT_URIS is missing, which GOOGLE_CLIENT_ID needs"),
    ],
)
def test_half_a_configuration_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        OAuthSettings.model_validate(without(name))
    OAuthSettings.model_validate(GOOGLE)


@pytest.mark.parametrize("uri", ["example.com", "https://", "https://example.com/#x", "javascript:alert(1)", "data:x"])
def test_a_redirect_uri_is_an_address(uri: str) -> None:
    with pytest.raises(ValueError, match="should be like"):
        OAuthSettings.model_validate(GOOGLE | {"oauth_redirect_uris": uri})


@pytest.mark.parametrize("uri", ["https://example.com", "http://localhost:3000/in?x=1", "com.example.app:/signed-in"])
def test_a_redirect_uri_may_be_that_of_an_app(uri: str) -> None:
    assert OAuthSettings.model_validate(GOOGLE | {"oauth_redirect_uris": uri}).oauth_redirect_uris == (uri,)


def test_production_asks_providers_by_https() -> None:
    settings = GOOGLE | {"google_issuer": "http://127.0.0.1:9000"}

    OAuthSettings.model_validate(settings)
    with pytest.raises(ValueError, match="GOOGLE_ISSUER should begin with https"):
        OAuthSettings.model_validate(settings | {"environment": "production"})
