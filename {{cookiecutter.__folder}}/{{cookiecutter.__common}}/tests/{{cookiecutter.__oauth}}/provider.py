"""A provider on this machine that speaks as Google and as GitHub do. It says yes to everybody who asks.

To try the sign-in by hand: `uv run python -m tests.oauth.provider` prints the settings that lead to it.
"""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "a-client", "its-secret"
REDIRECT_URI = "http://localhost:3000/signed-in"

type Json = dict[str, Any]
type Answer = Callable[[], tuple[int, object]]


@cache
def first_key() -> rsa.RSAPrivateKey:
    """The same in all tests: a new one takes longer than most of them."""
    return rsa.generate_private_key(65537, 2048)


class Provider:
    """What it says of the user is `user`. `claims` and `answers` replace what it should say."""

    def __init__(self, port: int = 0) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.reset()

    def reset(self) -> None:
        self.user: Json = {"sub": "1", "email": "carol@example.com", "email_verified": True, "name": "Carol"}
        self.claims: Json = {}
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.use(first_key(), "first")

    def serve(self) -> "Provider":
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def rotate(self, kid: str, bits: int = 2048) -> None:
        self.use(rsa.generate_private_key(65537, bits), kid)

    def use(self, key: rsa.RSAPrivateKey, kid: str) -> None:
        """The key that it signs with, and publishes. `header` is that of its tokens."""
        self.key = key
        self.kid = kid
        self.header = {"kid": kid}

    def say_yes(self, authorization_url: str) -> str:
        """The address that the browser is sent back to."""
        query = {name: values[-1] for name, values in parse_qs(urlsplit(authorization_url).query).items()}
        assert query["client_id"] == CLIENT_ID
        code = token_urlsafe()
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def answer(self, method: str, path: str, form: dict[str, str], authorization: str) -> tuple[int, object]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]()
        match method, path:
            case "GET", "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "jwks_uri": f"{self.url}/keys",
                }
            case "GET", "/keys":
                return 200, self.published_keys()
            case "POST", "/token":
                asked = self._redeem(form)
                return (200, {"id_token": self._id_token(asked)}) if asked else (400, {"error": "invalid_grant"})
            case "POST", "/login/oauth/access_token":
                return 200, ({"access_token": "yes"} if self._redeem(form) else {"error": "bad_verification_code"})
            case "GET", "/user" if authorization == "Bearer yes":
                return 200, {"id": int(self.user["sub"]), "login": "carol", "name": self.user["name"]}
            case "GET", "/user/emails?per_page=100" if authorization == "Bearer yes":
                primary = {"email": self.user["email"], "verified": self.user["email_verified"], "primary": True}
                return 200, [{"email": "old@example.com", "verified": True, "primary": False}, primary]
        return 404, {}

    def published_keys(self) -> Json:
        return {"keys": [RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True) | {"kid": self.kid, "use": "sig"}]}

    def _redeem(self, form: dict[str, str]) -> dict[str, str] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        is_right = (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        return asked if is_right and challenge == asked["code_challenge"] else None

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.user | self.claims).items() if value is not None}
        return self.sign(claims)

    def sign(self, claims: Json) -> str:
        return jwt.PyJWS().encode(json.dumps(claims).encode(), self.key, "RS256", self.header)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path in {"/authorize", "/login/oauth/authorize"}:
                self.send_response(302)
                self.send_header("Location", provider.say_yes(self.path))
                self.end_headers()
            else:
                self.respond(*provider.answer("GET", self.path, {}, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[-1] for name, values in parse_qs(body).items()}
            self.respond(*provider.answer("POST", self.path, form, ""))

        def respond(self, status: int, document: object) -> None:
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None: ...

    return Handler


if __name__ == "__main__":
    provider = Provider(9000)
    for name in ("GOOGLE", "GITHUB"):
        print(f"{name}_CLIENT_ID={CLIENT_ID}\n{name}_CLIENT_SECRET={CLIENT_SECRET}")
    print(f"GOOGLE_ISSUER={provider.url}\nGITHUB_URL={provider.url}\nGITHUB_API_URL={provider.url}")
    print(f"OAUTH_REDIRECT_URIS={REDIRECT_URI}", flush=True)
    provider.server.serve_forever()
