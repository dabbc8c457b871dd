"""Google, by OpenID Connect, and GitHub, by its own API."""

from functools import cache
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from ..core.settings import SERVICE
from ..telemetry.service import outgoing_request
from ..users.schemas import normalized_email
from .service import OAuthRefused, Profile, ProviderUnavailable
from .settings import get_settings

# What a provider publishes about itself, and its keys, are asked for again after this time.
CACHE_SECONDS = 3600
LEEWAY_SECONDS = 60
ALGORITHMS = ["RS256", "ES256"]
SUBJECT_LENGTH = 255
# Of one request. flow.py limits all of them together.
TIMEOUT_SECONDS = 5.0

type Json = dict[str, Any]


class Provider(Protocol):
    def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> str:
        """Where the browser goes. Raises ProviderUnavailable."""

    def fetch_profile(self, *, code: str, redirect_uri: str, code_verifier: str, nonce: str) -> Profile:
        """Raises OAuthRefused, ProviderUnavailable."""


class OpenIdConnect:
    """https://openid.net/specs/openid-connect-core-1_0.html, with discovery."""

    def __init__(self, name: str, issuer: str, client_id: str, client_secret: SecretStr) -> None:
        self.name = name
        self.issuer = issuer
        self.client_id = client_id
        self.client_secret = client_secret
        self._published: dict[str, tuple[float, Json]] = {}

    def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> str:
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(parameters)}"

    def fetch_profile(self, *, code: str, redirect_uri: str, code_verifier: str, nonce: str) -> Profile:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "code_verifier": code_verifier,
        }
        answer = _object(fetch("POST", self._endpoint("token_endpoint"), body=body))
        claims = self._verified(answer.get("id_token"), nonce)
        return profile(self.name, claims["sub"], claims.get("email"), claims.get("email_verified"), claims.get("name"))

    def _verified(self, id_token: object, nonce: str) -> Json:
        """The claims. Raises OAuthRefused."""
        if not isinstance(id_token, str):
            raise refusal()
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(id_token)
            registry.validate(claims)
            if claims.get("azp", self.client_id) != self.client_id:
                raise ValueError("issued to another client")
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise refusal() from error
        return claims

    def _decoded(self, id_token: str) -> Json:
        url = self._endpoint("jwks_uri")
        try:
            return jwt.decode(id_token, self._keys(url, CACHE_SECONDS), algorithms=ALGORITHMS).claims
        except JoseError:  # The provider may have new keys.
            return jwt.decode(id_token, self._keys(url, 0), algorithms=ALGORITHMS).claims

    def _keys(self, url: str, cache_seconds: float) -> KeySet:
        return KeySet.import_key_set({"keys": self._read(url, cache_seconds)["keys"]})

    def _endpoint(self, name: str) -> str:
        published = self._read(f"{self.issuer}/.well-known/openid-configuration", CACHE_SECONDS)
        if published.get("issuer") != self.issuer or not isinstance(published.get(name), str):
            raise ProviderUnavailable("The provider does not publish what it should.")
        return str(published[name])

    def _read(self, url: str, cache_seconds: float) -> Json:
        read_at, document = self._published.get(url, (0.0, {}))
        if not document or monotonic() - read_at >= cache_seconds:
            try:
                document = _object(fetch("GET", url))
            except OAuthRefused:
                raise ProviderUnavailable("The provider does not publish what it should.") from None
            self._published[url] = monotonic(), document
        return document


class GitHub:
    """https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"""

    def __init__(self, url: str, api_url: str, client_id: str, client_secret: SecretStr) -> None:
        self.url = url
        self.api_url = api_url
        self.client_id = client_id
        self.client_secret = client_secret

    def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> str:
        parameters = {
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": "user:email",
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.url}/login/oauth/authorize?{urlencode(parameters)}"

    def fetch_profile(self, *, code: str, redirect_uri: str, code_verifier: str, nonce: str) -> Profile:
        body = {
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        }
        answer = _object(fetch("POST", f"{self.url}/login/oauth/access_token", body=body))
        token = answer.get("access_token")
        if not isinstance(token, str):  # GitHub answers 200 with an `error`.
            raise refusal()
        user = _object(fetch("GET", f"{self.api_url}/user", token=token))
        emails = fetch("GET", f"{self.api_url}/user/emails", token=token)
        if not isinstance(emails, list):
            raise refusal()
        primary = next((each for each in map(_object, emails) if each.get("primary")), {})
        name = user.get("name") or user.get("login")
        return profile("github", user.get("id"), primary.get("email"), primary.get("verified"), name)


@cache
def configured_providers() -> dict[str, Provider]:
    settings = get_settings()
    providers: dict[str, Provider] = {}
    if settings.google_client_id and settings.google_client_secret:
        providers["google"] = OpenIdConnect(
            "google", settings.google_issuer, settings.google_client_id, settings.google_client_secret
        )
    if settings.github_client_id and settings.github_client_secret:
        providers["github"] = GitHub(
            settings.github_url, settings.github_api_url, settings.github_client_id, settings.github_client_secret
        )
    return providers


def fetch(method: str, url: str, *, body: dict[str, str] | None = None, token: str | None = None) -> Any:
    """The JSON of the answer. Raises OAuthRefused, ProviderUnavailable."""
    import httpx2  # Slow to import, and only a sign-in needs it.

    headers = {"Accept": "application/json", "User-Agent": SERVICE}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with outgoing_request(method, urlsplit(url).hostname or "") as outgoing:
        try:
            response = httpx2.request(
                method, url, data=body, headers=headers | outgoing.headers, timeout=TIMEOUT_SECONDS
            )
        except httpx2.HTTPError as error:
            raise ProviderUnavailable("The provider does not answer; please try again.") from error
        outgoing.status = response.status_code
    if response.status_code == 429 or response.status_code >= 500:
        raise ProviderUnavailable("The provider has a problem; please try again.")
    if response.status_code != 200:
        raise refusal()
    try:
        return response.json()
    except ValueError:
        raise refusal() from None


def profile(provider: str, subject: object, email: object, email_verified: object, name: object) -> Profile:
    """Raises OAuthRefused if the provider does not say what it should."""
    if not isinstance(subject, str | int) or not isinstance(email, str):
        raise refusal()
    subject, name = str(subject), name if isinstance(name, str) else ""
    if not subject.isprintable() or not 0 < len(subject) <= SUBJECT_LENGTH:
        raise refusal()
    try:
        address = normalized_email(email)
    except PydanticCustomError:
        raise refusal() from None
    return Profile(provider, subject, address, email_verified is True, "".join(filter(str.isprintable, name)))


def refusal() -> OAuthRefused:
    return OAuthRefused("The provider does not confirm this sign-in; please begin again.")


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise refusal()
    return value
