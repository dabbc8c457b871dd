"""The main operations on the bare driver: the least SQL and a token read by hand. What no framework can be faster than.

WSGI, without checks that a real service needs.
"""

import hmac
import json
import os
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from threading import local
from time import time
from typing import Any

KEY, NAME = os.environ["SECRET_KEY"].encode(), os.environ["NAME"]
URL = os.environ["DATABASE_URL"]
POSTGRES = URL.startswith("postgresql")
COLUMNS = ("id", "email", "email_verified", "name", "role", "is_active", "created_at")
USER = ", ".join(f"users.{column}" for column in COLUMNS)
SIGNED_IN = f"SELECT {USER} FROM users JOIN sessions ON user_id = users.id WHERE sessions.id = ? AND is_active"
threads = local()


def query(*statements: tuple[str, tuple[object, ...]]) -> list[list[Any]]:
    """The rows of each, in one transaction if there are several."""
    if not hasattr(threads, "connection"):
        if POSTGRES:
            import psycopg

            threads.connection = psycopg.connect(URL, autocommit=True)
        else:
            threads.connection = sqlite3.connect(URL.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
    if len(statements) > 1:
        threads.connection.execute("BEGIN" if POSTGRES else "BEGIN IMMEDIATE")
    answers = []
    for sql, values in statements:
        cursor = threads.connection.execute(sql.replace("?", "%s") if POSTGRES else sql, values)
        answers.append(cursor.fetchall() if cursor.description else [])
    if len(statements) > 1:
        threads.connection.execute("COMMIT")
    return answers


def described(row: tuple[Any, ...]) -> dict[str, object]:
    return dict(zip(COLUMNS, row, strict=True))


def read_token(header: str) -> Any:
    signed, _, signature = header.removeprefix("Bearer ").rpartition(".")
    if hmac.compare_digest(urlsafe_b64decode(signature + "=="), hmac.digest(KEY, signed.encode(), "sha256")):
        claims = json.loads(urlsafe_b64decode(signed.partition(".")[2] + "=="))
        if claims["exp"] > time():
            return claims["sid"] if POSTGRES else claims["sid"].replace("-", "")
    raise PermissionError


def write_token(claims: dict[str, object]) -> str:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "HS256"}, claims)]
    signature = urlsafe_b64encode(hmac.digest(KEY, b".".join(parts), "sha256")).rstrip(b"=")
    return b".".join([*parts, signature]).decode()


def refresh(token: str) -> dict[str, object]:
    hashed, now, new = sha256(token.encode()).hexdigest(), datetime.now(UTC), token_urlsafe(32)
    new_hash, end = sha256(new.encode()).hexdigest(), now + timedelta(days=30)
    moment = now if POSTGRES else str(now)
    of_token = "SELECT session_id FROM refresh_tokens WHERE token_hash = ?"
    [[session], _, _] = query(
        (
            "UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ? AND used_at IS NULL RETURNING session_id",
            (moment, hashed),
        ),
        (f"UPDATE sessions SET last_used_at = ? WHERE id = ({of_token})", (moment, hashed)),
        (
            "INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at)"
            f" VALUES (?, ({of_token}), ?, ?)",
            (new_hash, hashed, moment, end if POSTGRES else str(end)),
        ),
    )
    claims: dict[str, object] = {"iss": NAME, "aud": NAME, "sid": str(session[0]), "exp": int(time()) + 900}
    return {"access_token": write_token(claims), "refresh_token": new, "token_type": "bearer", "expires_in": 900}


def answer(method: str, path: str, header: str, body: bytes) -> object:
    if path == "/healthz":
        return {"status": "ok"}
    if path == "/api/v1/auth/refresh":
        return refresh(json.loads(body)["refresh_token"])
    session = read_token(header)
    if method == "PATCH":
        update = f"UPDATE users SET name = ? WHERE id = (SELECT user_id FROM sessions WHERE id = ?) RETURNING {USER}"
        return described(query((update, (json.loads(body)["name"], session)))[0][0])
    [[user]] = query((SIGNED_IN, (session,)))
    if path == "/api/v1/users/me":
        return described(user)
    [rows] = query((f"SELECT {USER} FROM users ORDER BY id DESC LIMIT 21", ()))
    return {"items": [described(row) for row in rows[:20]], "next_cursor": str(rows[-1][0])}


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] != "GET" else b""
    value = answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", ""), body)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(value, default=str).encode()]
