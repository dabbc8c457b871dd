"""Sign-in with Google and GitHub over HTTP, with a provider on this machine."""

import hmac
import io
import json
import time
import warnings
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from secrets import token_urlsafe
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from {{ cookiecutter.__package }}.oauth import flow
from {{ cookiecutter.__package }}.oauth.jobs import remove_expired_states
from {{ cookiecutter.__package }}.oauth.service import challenge_of

from ..auth.email_tokens import new_email_token
from ..database import Database
from ..jobs.running import run_due_jobs
from ..mail.mailbox import Mailbox
from ..passwords import PASSWORD
from .factories import SignIn
from .provider import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Provider

CAROL = {"email": "carol@example.com", "password": PASSWORD, "name": "Somebody"}
NEW_PASSWORD = "another good password"
NAMES = pytest.mark.parametrize("name", ["google", "github"])


def read_user(client: httpx2.Client, tokens: httpx2.Response) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
    user: dict[str, Any] = client.get("/api/v1/users/me", headers=headers).json()
    return user


def identities(user: httpx2.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = user.get("/api/v1/auth/identities").json()["items"]
    return items


def verify_carol(client: httpx2.Client) -> None:
    token = new_email_token("verification", CAROL["email"], of=CAROL["email"])
    assert client.post("/api/v1/auth/verify", json={"token": token}).status_code == 204


def reset_password(client: httpx2.Client) -> None:
    """By Carol, who reads the mail."""
    token = new_email_token("password_reset", CAROL["email"], of=CAROL["email"])
    body = {"token": token, "new_password": NEW_PASSWORD}
    assert client.post("/api/v1/auth/password/reset", json=body).status_code == 204


def refused(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.mark.usefixtures("provider")
class TestStart:
    @NAMES
    def test_leads_to_the_provider(self, client: httpx2.Client, provider: Provider, name: str) -> None:
        started = SignIn(client, name).started.json()

        url = urlsplit(started["authorization_url"])
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert f"{url.scheme}://{url.netloc}" == provider.url
        assert (query["client_id"], query["redirect_uri"]) == (CLIENT_ID, REDIRECT_URI)
        assert (query["state"], query["code_challenge_method"]) == (started["state"], "S256")
        assert (len(query["code_challenge"]), started["expires_in"]) == (43, 600)
        assert ("nonce" in query) == (name == "google")

    def test_sends_another_challenge_than_that_of_the_client(self, client: httpx2.Client) -> None:
        sign_in = SignIn(client, "github")

        query = parse_qs(urlsplit(sign_in.started.json()["authorization_url"]).query)
        assert query["code_challenge"] != [challenge_of(sign_in.code_verifier)]

    @pytest.mark.parametrize("name", ["gitlab", "", "Google", "../google", "%00", "a" * 300])
    def test_knows_no_other_provider(self, client: httpx2.Client, name: str) -> None:
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}

        assert client.post(f"/api/v1/auth/oauth/{name}/start", json=body).status_code == 404

    def test_refuses_a_provider_that_is_not_set_up(
        self, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in = SignIn(client, "google")
        monkeypatch.setattr(flow, "configured_providers", dict)
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}

        started = client.post("/api/v1/auth/oauth/google/start", json=body)
        finished = sign_in.finish()

        assert refused(started) == refused(finished) == (404, "provider_not_found")

    @pytest.mark.parametrize(
        "redirect_uri", ["", "http://localhost:3000/", f"{REDIRECT_URI}/", f"{REDIRECT_URI}?x", REDIRECT_URI.upper()]
    )
    def test_refuses_another_redirect_uri(self, client: httpx2.Client, redirect_uri: str) -> None:
        body = {"redirect_uri": redirect_uri, "code_challenge": challenge_of("x")}

        response = client.post("/api/v1/auth/oauth/google/start", json=body)

        assert refused(response) == (422, "unknown_redirect_uri")

    @pytest.mark.parametrize("challenge", ["", "x" * 42, "x" * 44, "=" * 43, None])
    def test_refuses_what_is_no_challenge(self, client: httpx2.Client, challenge: object) -> None:
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge}

        assert client.post("/api/v1/auth/oauth/google/start", json=body).status_code == 422

    def test_refuses_a_token_that_is_not_valid(self, client: httpx2.Client) -> None:
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}

        response = client.post("/api/v1/auth/oauth/google/start", json=body, headers={"Authorization": "Bearer x"})

        assert refused(response) == (401, "unauthenticated")

    def test_says_that_the_provider_is_away(self, client: httpx2.Client, provider: Provider) -> None:
        provider.answers["/.well-known/openid-configuration"] = lambda: (500, {})
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}

        response = client.post("/api/v1/auth/oauth/google/start", json=body)

        assert refused(response) == (503, "provider_unavailable")


class TestTheFirstSignIn:
    @NAMES
    def test_creates_an_account_with_a_verified_address(
        self, client: httpx2.Client, provider: Provider, name: str
    ) -> None:
        provider.user["email"] = "Carol@Example.com"

        response = SignIn(client, name).finish()

        user = read_user(client, response)
        assert response.status_code == 200
        assert (user["email"], user["email_verified"], user["name"]) == ("carol@example.com", True, "Carol")
        assert user["role"] == "user"

    def test_creates_one_without_a_password(self, client: httpx2.Client, provider: Provider) -> None:
        SignIn(client, "google").finish()

        for password in (PASSWORD, "", "an account that does not exist"):
            body = {"email": "carol@example.com", "password": password}
            assert refused(client.post("/api/v1/auth/login", json=body)) == (401, "invalid_credentials")

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("", "carol"), ("  ", "carol"), (None, "carol"), ("x" * 300, "x" * 100), ("Car\x00ol\n", "Carol")],
    )
    def test_takes_whatever_name_the_provider_has(
        self, client: httpx2.Client, provider: Provider, name: str | None, expected: str
    ) -> None:
        provider.user["name"] = name

        assert read_user(client, SignIn(client, "google").finish())["name"] == expected

    @NAMES
    @pytest.mark.parametrize("verified", [False, None, "true"])
    def test_is_refused_for_an_address_that_the_provider_has_not_verified(
        self, client: httpx2.Client, provider: Provider, name: str, verified: object
    ) -> None:
        provider.user["email_verified"] = verified

        assert refused(SignIn(client, name).finish()) == (403, "email_not_verified")

    def test_opens_the_account_that_has_verified_the_address(self, client: httpx2.Client, provider: Provider) -> None:
        user_id = client.post("/api/v1/auth/signup", json=CAROL).json()["id"]
        verify_carol(client)

        assert read_user(client, SignIn(client, "google").finish())["id"] == user_id
        assert read_user(client, SignIn(client, "github").finish())["id"] == user_id

    def test_does_not_open_an_account_that_somebody_else_has_prepared(
        self, client: httpx2.Client, provider: Provider
    ) -> None:
        client.post("/api/v1/auth/signup", json=CAROL)

        assert refused(SignIn(client, "google").finish()) == (409, "email_taken")

    def test_is_one_account_also_for_two_browsers_at_once(self, client: httpx2.Client, provider: Provider) -> None:
        sign_ins = [SignIn(client, "google") for _ in range(8)]

        with ThreadPoolExecutor(8) as threads:
            responses = list(threads.map(SignIn.finish, sign_ins))

        assert {response.status_code for response in responses} == {200}
        assert len({read_user(client, response)["id"] for response in responses}) == 1


class TestTheNextSignIn:
    @NAMES
    def test_is_of_the_same_account_whatever_the_address_has_become(
        self, client: httpx2.Client, provider: Provider, name: str
    ) -> None:
        first = read_user(client, SignIn(client, name).finish())
        provider.user |= {"email": "new@example.com", "email_verified": False}

        response = SignIn(client, name).finish()

        assert read_user(client, response) == first
        headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        [identity] = client.get("/api/v1/auth/identities", headers=headers).json()["items"]
        assert (identity["provider"], identity["email"]) == (name, "new@example.com")

    def test_with_the_same_address_and_another_id_is_another_identity(
        self, client: httpx2.Client, provider: Provider
    ) -> None:
        first = read_user(client, SignIn(client, "google").finish())
        provider.user |= {"sub": "2"}

        assert read_user(client, SignIn(client, "google").finish())["id"] == first["id"]
        provider.user |= {"sub": "3", "email_verified": False}
        assert refused(SignIn(client, "google").finish()) == (403, "email_not_verified")

    def test_is_refused_for_an_account_that_is_locked(
        self, client: httpx2.Client, provider: Provider, admin: httpx2.Client
    ) -> None:
        user = read_user(client, SignIn(client, "google").finish())
        admin.patch(f"/api/v1/users/{user['id']}", json={"is_active": False})

        assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")

    def test_remains_possible_with_a_password_from_a_mail(self, client: httpx2.Client, provider: Provider) -> None:
        user = read_user(client, SignIn(client, "google").finish())
        reset_password(client)

        body = {"email": "carol@example.com", "password": NEW_PASSWORD}
        assert client.post("/api/v1/auth/login", json=body).status_code == 200
        assert read_user(client, SignIn(client, "google").finish())["id"] == user["id"]


@pytest.mark.usefixtures("provider")
class TestTheState:
    def test_is_used_once_also_by_many_at_once(self, client: httpx2.Client) -> None:
        sign_in = SignIn(client, "github")
        bodies = [sign_in.body() for _ in range(8)]

        with ThreadPoolExecutor(8) as threads:
            responses = list(threads.map(lambda body: client.post(f"{sign_in.path}/finish", json=body), bodies))

        assert sorted(response.status_code for response in responses) == [200, *[400] * 7]

    def test_is_of_the_browser_that_began(self, client: httpx2.Client) -> None:
        sign_in = SignIn(client, "github")

        stolen = sign_in.finish(code_verifier=token_urlsafe(32))

        assert refused(stolen) == (400, "invalid_state")
        assert sign_in.finish().status_code == 200

    def test_is_of_one_provider(self, client: httpx2.Client) -> None:
        body = SignIn(client, "github").body()

        response = client.post("/api/v1/auth/oauth/google/finish", json=body)

        assert refused(response) == (400, "invalid_state")

    @pytest.mark.parametrize("state", ["", "x", "x" * 100])
    def test_is_one_that_was_given(self, client: httpx2.Client, state: str) -> None:
        assert refused(SignIn(client, "github").finish(state=state)) == (400, "invalid_state")

    def test_expires(self, client: httpx2.Client, database: Database) -> None:
        sign_in = SignIn(client, "github")
        database.execute("UPDATE oauth_states SET expires_at = '2020-01-01 00:00:00'")

        assert refused(sign_in.finish()) == (400, "invalid_state")
        remove_expired_states()
        assert database.rows("SELECT * FROM oauth_states") == []


class TestWhatTheProviderSays:
    @pytest.mark.parametrize(
        "claims",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"iss": "https://accounts.example.com"},
            {"iss": None},
            {"aud": "another"},
            {"aud": ["another"]},
            {"aud": None},
            {"azp": "another"},
            {"exp": 1},
            {"exp": None},
            {"exp": "soon"},
            {"iat": None},
            {"iat": 9999999999},
            {"sub": None},
            {"sub": ""},
            {"sub": "x" * 256},
            {"sub": ["1"]},
            {"email": None},
            {"email": "carol"},
            {"email": 7},
        ],
        ids=str,
    )
    def test_is_refused_if_it_is_not_for_this_sign_in(
        self, client: httpx2.Client, provider: Provider, claims: dict[str, object]
    ) -> None:
        provider.claims = claims

        assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")

    @NAMES
    def test_is_no_for_another_code(self, client: httpx2.Client, provider: Provider, name: str) -> None:
        assert refused(SignIn(client, name).finish(code="another")) == (401, "oauth_refused")

    @NAMES
    def test_is_no_for_a_code_of_another_sign_in(self, client: httpx2.Client, provider: Provider, name: str) -> None:
        """An attacker's code in the victim's browser: the provider asks for our verifier."""
        code = SignIn(client, name).body()["code"]

        assert refused(SignIn(client, name).finish(code=code)) == (401, "oauth_refused")

    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("google", "/token"),
            ("google", "/keys"),
            ("github", "/login/oauth/access_token"),
            ("github", "/user"),
            ("github", "/user/emails?per_page=100"),
        ],
    )
    @pytest.mark.parametrize(
        ("answer", "refusal"),
        [
            ((500, {}), (503, "provider_unavailable")),
            ((429, {}), (503, "provider_unavailable")),
            ((200, []), None),
            ((200, 7), None),
            ((200, {}), None),
            ((200, b"garbage"), None),
            ((302, {}), None),
            ((403, {}), None),
        ],
        ids=str,
    )
    def test_may_be_anything(
        self,
        client: httpx2.Client,
        provider: Provider,
        name: str,
        path: str,
        answer: tuple[int, object],
        refusal: tuple[int, str] | None,
    ) -> None:
        sign_in = SignIn(client, name)
        provider.answers[path] = lambda: answer

        got = refused(sign_in.finish())

        assert got == refusal if refusal else got in {(401, "oauth_refused"), (503, "provider_unavailable")}

    @NAMES
    def test_may_come_too_late(
        self, client: httpx2.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        sign_in = SignIn(client, name)
        monkeypatch.setattr(flow, "TIMEOUT_SECONDS", 0.2)

        def slow() -> tuple[int, object]:
            time.sleep(1)
            return 200, {}

        provider.answers |= {"/token": slow, "/login/oauth/access_token": slow}
        started = time.monotonic()

        assert refused(sign_in.finish()) == (503, "provider_unavailable")
        assert time.monotonic() - started < 1

    def test_is_not_asked_for_after_that(
        self, client: httpx2.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in = SignIn(client, "github")
        monkeypatch.setattr(flow, "TIMEOUT_SECONDS", 0.2)

        def slow() -> tuple[int, object]:
            time.sleep(0.4)
            return 200, {"access_token": "yes"}

        provider.answers["/login/oauth/access_token"] = slow
        assert refused(sign_in.finish()) == (503, "provider_unavailable")
        time.sleep(0.5)
        assert "/user" not in provider.asked

    @NAMES
    def test_may_be_nothing(self, client: httpx2.Client, provider: Provider, name: str) -> None:
        sign_in = SignIn(client, name)

        def hang_up() -> tuple[int, object]:
            raise ConnectionError

        provider.answers |= {"/token": hang_up, "/login/oauth/access_token": hang_up}
        provider.server.handle_error = lambda *_: None  # type: ignore[method-assign]

        assert refused(sign_in.finish()) == (503, "provider_unavailable")


STRANGE_KEYS = [{"kty": ["x"]}, {"kty": "oct"}, {"kty": "oct", "alg": "none"}, {"kty": "RSA", "alg": ["x"]}, "x", None]


class TestTheKeysOfGoogle:
    def test_are_asked_for_once(self, client: httpx2.Client, provider: Provider) -> None:
        for _ in range(3):
            assert SignIn(client, "google").finish().status_code == 200

        assert provider.asked.count("/keys") == provider.asked.count("/.well-known/openid-configuration") == 1

    @pytest.mark.parametrize("bad", [{}, {"keys": 7}, {"keys": STRANGE_KEYS}, b"garbage"], ids=str)
    def test_may_be_bad_for_a_moment(self, client: httpx2.Client, provider: Provider, bad: object) -> None:
        provider.answers["/keys"] = lambda: (200, bad)
        assert refused(SignIn(client, "google").finish()) == (503, "provider_unavailable")

        del provider.answers["/keys"]
        assert SignIn(client, "google").finish().status_code == 200

    @pytest.mark.parametrize(
        "bad",
        [{}, {"issuer": "https://x"}, {"token_endpoint": 7}, {"jwks_uri": "ftp://x"}, {"jwks_uri": None}],
        ids=str,
    )
    def test_are_where_the_provider_says(
        self, client: httpx2.Client, provider: Provider, bad: dict[str, object]
    ) -> None:
        path = "/.well-known/openid-configuration"
        _, published = provider.answer("GET", path, {}, "")
        assert isinstance(published, dict)
        provider.answers[path] = lambda: (200, published | bad if bad else {})
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}
        assert refused(client.post("/api/v1/auth/oauth/google/start", json=body)) == (503, "provider_unavailable")

        del provider.answers[path]
        assert SignIn(client, "google").finish().status_code == 200

    @pytest.mark.parametrize("kid", ["second", "first"])
    def test_are_asked_for_again_when_they_have_changed(
        self, client: httpx2.Client, provider: Provider, kid: str
    ) -> None:
        assert SignIn(client, "google").finish().status_code == 200
        provider.rotate(kid)

        assert SignIn(client, "google").finish().status_code == 200
        assert provider.asked.count("/keys") == 2

    def test_may_have_others_beside_them(self, client: httpx2.Client, provider: Provider) -> None:
        others = provider.published_keys()["keys"]
        others = [*STRANGE_KEYS, *others, others[0] | {"kid": ["x"]}, others[0] | {"use": ["x"]}]
        provider.rotate("second")
        provider.answers["/keys"] = lambda: (200, {"keys": others + provider.published_keys()["keys"]})

        assert SignIn(client, "google").finish().status_code == 200

    @pytest.mark.parametrize(("kids", "status"), [(["first"], 200), (["first", "second"], 401)])
    def test_may_have_no_name_if_there_is_only_one(
        self, client: httpx2.Client, provider: Provider, kids: list[str], status: int
    ) -> None:
        published = provider.published_keys()["keys"][0]
        provider.answers["/keys"] = lambda: (200, {"keys": [published | {"kid": kid} for kid in kids]})
        provider.header = {}

        assert SignIn(client, "google").finish().status_code == status

    @pytest.mark.parametrize("change", [{"use": "enc"}, {"kid": "another"}, {"alg": "RS512"}], ids=str)
    def test_are_for_signatures_and_have_the_right_name(
        self, client: httpx2.Client, provider: Provider, change: dict[str, str]
    ) -> None:
        published = provider.published_keys()["keys"][0]
        provider.answers["/keys"] = lambda: (200, {"keys": [published | change]})

        assert SignIn(client, "google").finish().status_code in {401, 503}

    def test_are_long_enough(self, client: httpx2.Client, provider: Provider) -> None:
        provider.rotate("short", bits=1024)

        with warnings.catch_warnings(action="ignore"):  # Of the provider, which signs with it.
            assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")

    @pytest.mark.parametrize("header", [{"alg": None}, {"kid": 7}, {"alg": ["RS256"]}], ids=str)
    def test_are_named_in_the_header_of_the_token(
        self, client: httpx2.Client, provider: Provider, header: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, {}, 7))
        monkeypatch.setattr(provider, "sign", lambda _claims: token)

        assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")

    def test_sign_no_token_of_another_key(self, client: httpx2.Client, provider: Provider) -> None:
        key = provider.key
        provider.rotate("first")
        published = provider.published_keys()
        provider.answers["/keys"] = lambda: (200, published)
        provider.key = key

        assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")

    @pytest.mark.parametrize("secret", ["public key", CLIENT_SECRET, None])
    def test_are_no_shared_secrets(
        self, client: httpx2.Client, provider: Provider, secret: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def sign(claims: dict[str, object]) -> str:
            parts = [{"alg": "HS256" if secret else "none", "kid": provider.kid}, claims]
            text = ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
            public_key = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            key = public_key if secret == "public key" else (secret or "").encode()
            signature = hmac.digest(key, text.encode(), "sha256") if secret else b""
            return f"{text}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"

        monkeypatch.setattr(provider, "sign", sign)

        assert refused(SignIn(client, "google").finish()) == (401, "oauth_refused")


class TestLinking:
    @NAMES
    def test_adds_an_identity_to_ones_own_account(
        self, client: httpx2.Client, alice: httpx2.Client, provider: Provider, name: str
    ) -> None:
        provider.user["email"] = "private@example.com"

        response = SignIn(alice, name).finish()

        assert read_user(client, response)["email"] == "alice@example.com"
        assert [(each["provider"], each["email"]) for each in identities(alice)] == [(name, "private@example.com")]
        assert read_user(client, SignIn(client, name).finish())["email"] == "alice@example.com"

    def test_twice_is_one_identity(self, alice: httpx2.Client, provider: Provider) -> None:
        SignIn(alice, "google").finish()
        SignIn(alice, "google").finish()

        assert len(identities(alice)) == 1

    def test_does_not_take_what_belongs_to_another_account(
        self, alice: httpx2.Client, bob: httpx2.Client, provider: Provider
    ) -> None:
        SignIn(alice, "google").finish()

        assert refused(SignIn(bob, "google").finish()) == (409, "email_taken")
        assert identities(bob) == []

    @pytest.mark.parametrize("verified_first", [False, True])
    def test_opens_the_account_no_more_when_the_owner_of_the_address_has_taken_it_back(
        self, client: httpx2.Client, provider: Provider, verified_first: bool
    ) -> None:
        """Mallory signs up with Carol's address, and links an identity of his own. Carol resets the password."""
        carol_id = self.prepare(client)["id"]
        if verified_first:  # By a click of Carol's on the link that she was sent.
            verify_carol(client)
        provider.user |= {"sub": "666", "email": "mallory@example.com"}
        assert SignIn(client, "google").finish().status_code == 200
        del client.headers["Authorization"]
        assert read_user(client, SignIn(client, "google").finish())["id"] == carol_id

        reset_password(client)

        assert read_user(client, SignIn(client, "google").finish())["id"] != carol_id

    def test_ends_with_the_session_that_began_it(self, client: httpx2.Client, provider: Provider) -> None:
        """Mallory has begun before Carol takes the account back."""
        self.prepare(client)
        provider.user |= {"sub": "666", "email": "mallory@example.com"}
        sign_in = SignIn(client, "google")
        body = sign_in.body()
        reset_password(client)

        assert refused(client.post(f"{sign_in.path}/finish", json=body)) == (401, "oauth_refused")

    def test_ends_with_the_session_also_while_the_provider_is_asked(
        self, client: httpx2.Client, alice: httpx2.Client, provider: Provider
    ) -> None:
        sign_in = SignIn(alice, "github")
        body = sign_in.body()

        def log_out() -> tuple[int, object]:
            assert alice.post("/api/v1/auth/logout").status_code == 204
            return 200, []

        provider.answers["/user/emails?per_page=100"] = log_out
        provider.answers["/user"] = lambda: (200, {"id": 1})
        assert refused(client.post(f"{sign_in.path}/finish", json=body)) == (401, "oauth_refused")

    def test_does_not_begin_when_the_session_has_ended_meanwhile(
        self, alice: httpx2.Client, provider: Provider
    ) -> None:
        published = provider.answer("GET", "/.well-known/openid-configuration", {}, "")

        def log_out() -> tuple[int, object]:
            alice.post("/api/v1/auth/logout")
            return published

        provider.answers["/.well-known/openid-configuration"] = log_out
        body = {"redirect_uri": REDIRECT_URI, "code_challenge": challenge_of("x")}
        response = alice.post("/api/v1/auth/oauth/google/start", json=body)

        assert refused(response) == (401, "unauthenticated")

    def test_survives_a_new_password_of_ones_own(
        self, client: httpx2.Client, alice: httpx2.Client, provider: Provider
    ) -> None:
        SignIn(alice, "google").finish()
        body = {"current_password": PASSWORD, "new_password": "another good password"}
        assert alice.post("/api/v1/auth/password", json=body).status_code == 204

        assert read_user(client, SignIn(client, "google").finish())["email"] == "alice@example.com"

    def test_is_told_to_the_owner_by_mail(
        self, alice: httpx2.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_due_jobs()
        mailbox = Mailbox(monkeypatch)

        SignIn(alice, "google").finish()
        run_due_jobs()

        assert mailbox.read() == [("alice@example.com", "A new way to sign in to your account")]

    def prepare(self, client: httpx2.Client) -> dict[str, Any]:
        """Mallory's client is signed in to an account with Carol's address."""
        user: dict[str, Any] = client.post("/api/v1/auth/signup", json=CAROL).json()
        tokens = client.post("/api/v1/auth/login", json={"email": CAROL["email"], "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return user

    def test_ends_when_the_account_is_deleted_meanwhile(self, alice: httpx2.Client, provider: Provider) -> None:
        sign_in = SignIn(alice, "google")
        body = sign_in.body()
        alice.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})

        response = alice.post(f"{sign_in.path}/finish", json=body)

        assert refused(response) == (401, "oauth_refused")


class TestRemoveIdentity:
    def test_unlinks_it(self, client: httpx2.Client, alice: httpx2.Client, provider: Provider) -> None:
        SignIn(alice, "google").finish()
        [identity] = identities(alice)

        response = alice.delete(f"/api/v1/auth/identities/{identity['id']}")

        assert (response.status_code, identities(alice)) == (204, [])
        assert len(alice.get("/api/v1/auth/sessions").json()["items"]) == 1
        assert read_user(client, SignIn(client, "google").finish())["email"] == "carol@example.com"

    def test_leaves_one_way_to_sign_in(self, client: httpx2.Client, provider: Provider) -> None:
        tokens = SignIn(client, "google").finish().json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        [google] = identities(client)
        path = f"/api/v1/auth/identities/{google['id']}"
        assert refused(client.delete(path)) == (409, "last_sign_in_method")

        SignIn(client, "github").finish()
        assert client.delete(path).status_code == 204

    def test_knows_ones_own_only(self, alice: httpx2.Client, bob: httpx2.Client, provider: Provider) -> None:
        SignIn(alice, "google").finish()
        [identity] = identities(alice)

        for identity_id in (identity["id"], uuid4()):
            response = bob.delete(f"/api/v1/auth/identities/{identity_id}")
            assert refused(response) == (404, "identity_not_found")
        assert len(identities(alice)) == 1


@pytest.mark.parametrize("status", [200, 400, 500])
def test_nothing_secret_is_in_the_log_or_in_the_database(
    client: httpx2.Client, provider: Provider, log: io.StringIO, database: Database, status: int
) -> None:
    sign_in = SignIn(client, "google")
    body = sign_in.body()
    if status != 200:
        provider.answers["/token"] = lambda: (status, {"error": body["code"]})
    tokens = client.post(f"{sign_in.path}/finish", json=body).json()

    stored = [database.rows(f'SELECT * FROM "{table}"') for table in sorted(database.tables())]
    issued = [tokens[name] for name in ("access_token", "refresh_token") if name in tokens]
    for secret in (*body.values(), *issued, CLIENT_SECRET):
        assert secret not in log.getvalue()
        assert secret not in str(stored)


def test_a_refusal_has_a_reason_in_the_log(client: httpx2.Client, provider: Provider, log: io.StringIO) -> None:
    SignIn(client, "google").finish(code="another")

    assert '"reason": "/token answered 400: invalid_grant"' in log.getvalue()


def test_sign_ins_that_wait_for_a_provider_are_limited(
    client: httpx2.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = SignIn(client, "github")
    none_left = BoundedSemaphore(1)
    none_left.acquire()
    monkeypatch.setattr(flow, "_provider_slots", none_left)

    assert refused(sign_in.finish()) == (503, "provider_unavailable")
