"""A refresh locks the session before the token, as the removal of a session does: otherwise the two could deadlock."""

from concurrent.futures import ThreadPoolExecutor, wait

import httpx2
import psycopg

from ..accounts import Account
from ..database import Database


def test_a_refresh_waits_for_the_session_and_holds_no_token(client: httpx2.Client, database: Database) -> None:
    body = {"refresh_token": Account("alice").open_session().refresh_token}

    with ThreadPoolExecutor() as threads, psycopg.connect(database.url) as other:
        other.execute("SELECT FROM sessions FOR UPDATE")
        refresh = threads.submit(client.post, "/api/v1/auth/refresh", json=body)
        assert not wait([refresh], timeout=0.3).done

        other.execute("SELECT FROM refresh_tokens FOR UPDATE NOWAIT")

    assert refresh.result().status_code == 200
