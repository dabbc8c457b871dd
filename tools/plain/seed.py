"""Fills the database of a migrated service: 1,000 users, 50 of them signed in, and COUNT refresh tokens.

Prints their tokens. The plain apps take them too.
"""

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import time
from typing import Any
from uuid import UUID, uuid4

import bare
from uuid_utils.compat import uuid7

USERS, SIGNED_IN = 1000, 50


def main(count: int) -> None:
    now = datetime.now(UTC)
    users = [uuid7() for _ in range(USERS)]
    sessions = {uuid7(): user for user in users[:SIGNED_IN]}
    tokens = [f"{number}-{uuid4()}" for number in range(count)]
    ids, end = list(sessions), now + timedelta(days=30)
    rows: dict[str, list[tuple[object, ...]]] = {
        "users (id, email, email_verified, name, password_hash, role, is_active, created_at)": [
            (id_, f"{number}@example.com", True, f"User {number}", "!", "admin", True, now)
            for number, id_ in enumerate(users)
        ],
        "sessions (id, user_id, user_agent, created_at, last_used_at)": [
            (id_, user, "wrk", now, now) for id_, user in sessions.items()
        ],
        "refresh_tokens (token_hash, session_id, created_at, expires_at)": [
            (sha256(token.encode()).hexdigest(), ids[number % SIGNED_IN], now, end)
            for number, token in enumerate(tokens)
        ],
    }
    if bare.POSTGRES:
        import psycopg

        with psycopg.connect(bare.URL) as connection, connection.cursor() as cursor:
            insert(cursor, "%s", rows)
            cursor.execute("ANALYZE")
    else:
        sqlite3.register_adapter(UUID, lambda value: value.hex)
        sqlite3.register_adapter(datetime, lambda value: value.replace(tzinfo=None).isoformat(" "))
        with sqlite3.connect(bare.URL.removeprefix("sqlite:///")) as connection:
            insert(connection, "?", rows)
    claims = {"iss": bare.NAME, "aud": bare.NAME, "iat": int(time()), "exp": int(time()) + 86400}
    access = [
        bare.write_token(claims | {"sub": str(user), "sid": str(id_), "jti": str(uuid4())})
        for id_, user in sessions.items()
    ]
    json.dump({"access": access, "refresh": tokens}, sys.stdout)


def insert(cursor: Any, placeholder: str, rows: dict[str, list[tuple[object, ...]]]) -> None:
    for table, values in rows.items():
        placeholders = ", ".join([placeholder] * len(values[0]))
        cursor.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)


if __name__ == "__main__":
    main(int(sys.argv[1]))
