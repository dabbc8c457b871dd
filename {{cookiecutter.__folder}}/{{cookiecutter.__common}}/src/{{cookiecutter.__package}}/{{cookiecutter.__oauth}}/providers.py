"""Google, by OpenID Connect, and GitHub, by its own API."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from math import inf
from ssl import SSLContext
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import jwt
import structlog
from pydantic import SecretStr
from pydantic_core import PydanticCustomError, from_json

from ..core.settings import SERVICE
from ..telemetry.service import outgoing_request
from ..users.schemas import normalized_email
from .service import OAuthRefused, Profile, ProviderUnavailable
from .settings import get_settings

log = structlog.get_logger()

# What a provider publishes about itself, and its keys, are asked for again after this time.
CACHE_SECONDS = 3600
# The clocks of two machines may differ by this much.
LEEWAY_SECONDS = 60
ALGORITHMS = ["RS256", "ES256"]
CLAIMS = ["iss", "aud", "sub", "exp", "iat", "nonce"]
# Of RFC 6749, and of GitHub.
ERROR_CODES = {
    "bad_verification_code",
    "incorrect_client_credentials",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "redirect_uri_mismatch",
    "unauthorized_client",
    "unsupported_grant_type",
    "unverified_user_email",
}
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SUBJECT_LENGTH = 255
# After this time (of `monotonic`), nobody waits for the answers any more: flow.py sets it.
deadline: ContextVar[float] = ContextVar("deadline", default=inf)
MAX_WAIT_SECONDS = 5.0
MAX_ANSWER_BYTES = 1024 * 1024

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
        self._endpoints: tuple[float, dict[str, str]] | None = None
        self._keys: tuple[float, list[jwt.PyJWK]] | None = None

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
        return profile_of(
            self.name,
            self.issuer,
            claims["sub"],
            email=claims.get("email"),
            email_verified=claims.get("email_verified"),
            name=claims.get("name"),
        )

    def _verified(self, id_token: object, nonce: str) -> Json:
        """The claims. Raises OAuthRefused."""
        if not isinstance(id_token, str):
            raise refusal("no id_token")
        try:
            claims = self._decoded(id_token)
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise refusal(f"id_token: {type(error).__name__}") from None
        if claims["nonce"] != nonce:
            raise refusal("id_token: not the answer to this request")
        if claims.get("azp", self.client_id) != self.client_id:
            raise refusal("id_token: issued to another client")
        return claims

    def _decoded(self, id_token: str) -> Json:
        try:
            return self._decoded_with(self._published_keys(CACHE_SECONDS), id_token)
        except (jwt.InvalidKeyError, jwt.InvalidSignatureError):  # The provider may have new keys.
            return self._decoded_with(self._published_keys(0), id_token)

    def _decoded_with(self, keys: list[jwt.PyJWK], id_token: str) -> Json:
        header = jwt.get_unverified_header(id_token)
        fitting = [
            key
            for key in keys
            if header.get("kid") in (None, key.key_id)
            and header.get("alg") == key.algorithm_name
            and key.public_key_use in (None, "sig")
        ]
        if len(fitting) != 1:  # With several keys, a token names its own.
            raise jwt.InvalidKeyError("not one of the published keys")
        return jwt.decode(
            id_token,
            fitting[0],
            ALGORITHMS,
            issuer=self.issuer,
            audience=self.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": CLAIMS, "enforce_minimum_key_length": True},
        )

    def _published_keys(self, max_age: float) -> list[jwt.PyJWK]:
        if self._keys is None or monotonic() - self._keys[0] >= max_age:
            published = fetch_published(self._endpoint("jwks_uri")).get("keys")
            keys = list(_usable(published if isinstance(published, list) else []))
            if not keys:
                raise unpublished()
            self._keys = monotonic(), keys
        return self._keys[1]

    def _endpoint(self, name: str) -> str:
        if self._endpoints is None or monotonic() - self._endpoints[0] >= CACHE_SECONDS:
            published = fetch_published(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            scheme = self.issuer.partition("//")[0]
            endpoints = {key: str(published.get(key)) for key in ENDPOINTS}
            if published.get("issuer") != self.issuer or not all(url.startswith(scheme) for url in endpoints.values()):
                raise unpublished()
            self._endpoints = monotonic(), endpoints
        return self._endpoints[1][name]


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
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise refusal(f"no access_token: {_error_code(answer)}")  # GitHub answers 200 with an `error`.
        user = _object(fetch("GET", f"{self.api_url}/user", token=token))
        emails = fetch("GET", f"{self.api_url}/user/emails?per_page=100", token=token)
        if not isinstance(emails, list):
            raise refusal("no list of email addresses")
        primary = next((each for each in map(_object, emails) if each.get("primary")), {})
        return profile_of(
            "github",
            self.url,
            user.get("id"),
            email=primary.get("email"),
            email_verified=primary.get("verified"),
            name=user.get("name") or user.get("login"),
        )


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


def fetch_published(url: str) -> Json:
    """What a provider tells everybody. Raises ProviderUnavailable."""
    try:
        return _object(fetch("GET", url))
    except OAuthRefused:
        raise unpublished() from None


def fetch(method: str, url: str, *, body: dict[str, str] | None = None, token: str | None = None) -> Any:
    """The JSON of the answer. Raises OAuthRefused, ProviderUnavailable."""
    import httpx2  # Slow to import, and only a sign-in needs it.

    headers = {"Accept": "application/json", "User-Agent": SERVICE}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with outgoing_request(method, urlsplit(url).hostname or "") as outgoing:
            headers |= outgoing.headers
            with httpx2.stream(
                method, url, data=body, headers=headers, timeout=_seconds_left(), verify=_tls()
            ) as response:
                outgoing.status = response.status_code
                content = _read(response)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TimeoutError) as error:
        raise ProviderUnavailable("The provider does not answer; please begin again.") from error
    status = response.status_code
    if status >= 500 or status == 429 or (status == 403 and _is_limited(response.headers)):
        log.warning("provider_failed", host=response.url.host, path=response.url.path, status=status)
        raise ProviderUnavailable("The provider has a problem; please begin again.")
    try:
        answer = from_json(content)
    except ValueError:
        answer = None
    if status != 200:
        raise refusal(f"{response.url.path} answered {status}: {_error_code(answer)}")
    return answer


def profile_of(
    provider: str, issuer: str, subject: object, *, email: object, email_verified: object, name: object
) -> Profile:
    """Raises OAuthRefused if the provider does not say what it should."""
    if not isinstance(subject, str | int) or not isinstance(email, str):
        raise refusal("no id or no email address")
    subject, name = str(subject), name if isinstance(name, str) else ""
    if not subject.isprintable() or not 0 < len(subject) <= SUBJECT_LENGTH:
        raise refusal("no id")
    try:
        address = normalized_email(email)
    except PydanticCustomError:
        raise refusal("no email address") from None
    return Profile(provider, issuer, subject, address, email_verified is True, "".join(filter(str.isprintable, name)))


def refusal(reason: str) -> OAuthRefused:
    """The reason is for the log: it has no text of the provider's."""
    log.warning("oauth_refused", reason=reason)
    return OAuthRefused("The provider does not confirm this sign-in; please begin again.")


def unpublished() -> ProviderUnavailable:
    log.warning("provider_failed", reason="it does not publish what it should")
    return ProviderUnavailable("The provider does not publish what it should.")


def _usable(published: list[Any]) -> Iterator[jwt.PyJWK]:
    """The keys that this service can verify with: a provider may have others, too."""
    for each in published:
        with suppress(Exception):  # Of PyJWT, of cryptography, or of Python: each for another strange key.
            key = jwt.PyJWK(each)
            if key.algorithm_name in ALGORITHMS:
                yield key


@cache
def _tls() -> SSLContext:
    """One per process, because loading the CA certificates takes 40 ms."""
    import httpx2

    return httpx2.create_ssl_context()


def _read(response: Any) -> bytes:
    """Raises TimeoutError, ValueError."""
    content = b""
    for part in response.iter_bytes():
        content += part
        if len(content) > MAX_ANSWER_BYTES:
            raise ValueError("too long")
        _seconds_left()
    return content


def _seconds_left() -> float:
    """Raises TimeoutError."""
    if (left := deadline.get() - monotonic()) <= 0:
        raise TimeoutError
    return min(left, MAX_WAIT_SECONDS)


def _is_limited(headers: Mapping[str, str]) -> bool:
    """As GitHub says it."""
    return headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers


def _error_code(answer: object) -> str:
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and code in ERROR_CODES else "no known reason"


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise refusal("an answer that is no object")
    return value
