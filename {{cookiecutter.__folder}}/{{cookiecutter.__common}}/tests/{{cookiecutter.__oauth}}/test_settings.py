"""Settings of the sign-in with Google and GitHub."""

import pytest

from {{ cookiecutter.__package }}.oauth import providers
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


@pytest.mark.parametrize(
    "uri",
    [
        "example.com",
        "https://",
        "https://example.com/#x",
        "https://*.example.com/",
        "https://a@example.com/",
        f"https://example.com/{'x' * 2000}",
        "javascript:alert(1)",
        "data:x",
    ],
)
def test_a_redirect_uri_is_an_address(uri: str) -> None:
    with pytest.raises(ValueError, match="should be like"):
        OAuthSettings.model_validate(GOOGLE | {"oauth_redirect_uris": uri})


@pytest.mark.parametrize("uri", ["https://example.com", "http://localhost:3000/in?x=1", "com.example.app:/signed-in"])
def test_a_redirect_uri_may_be_that_of_an_app(uri: str) -> None:
    assert OAuthSettings.model_validate(GOOGLE | {"oauth_redirect_uris": uri}).oauth_redirect_uris == (uri,)


@pytest.mark.parametrize(
    ("name", "value"), [("google_issuer", "http://10.0.0.1:9000"), ("oauth_redirect_uris", "http://app.example.com/in")]
)
def test_production_sends_nothing_in_plain_text(name: str, value: str) -> None:
    settings = GOOGLE | {name: value}

    OAuthSettings.model_validate(settings)
    with pytest.raises(ValueError, match=f"{name.upper()} should begin with https"):
        OAuthSettings.model_validate(settings | {"environment": "production"})
    OAuthSettings.model_validate(settings | {"environment": "production", name: "http://localhost:3000"})


@pytest.mark.parametrize("name", ["github_url", "github_api_url"])
def test_a_github_of_ones_own_has_two_addresses(name: str) -> None:
    with pytest.raises(ValueError, match="GITHUB_URL and GITHUB_API_URL belong together"):
        OAuthSettings.model_validate(GOOGLE | {name: "https://github.example.com"})


def test_a_provider_is_what_its_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    github = {"github_client_id": "c", "github_client_secret": "d"}
    settings = OAuthSettings.model_validate(GOOGLE | github | {"google_issuer": "https://accounts.example.com/"})
    monkeypatch.setattr(providers, "get_settings", lambda: settings)

    configured = providers.configured_providers.__wrapped__()

    google, hub = configured["google"], configured["github"]
    assert isinstance(google, providers.OpenIdConnect)
    assert isinstance(hub, providers.GitHub)
    assert (google.client_id, google.client_secret.get_secret_value()) == ("a", "b")
    assert (hub.client_id, hub.client_secret.get_secret_value()) == ("c", "d")
    assert google.issuer == "https://accounts.example.com/"
    assert (hub.url, hub.api_url) == ("https://github.com", "https://api.github.com")
