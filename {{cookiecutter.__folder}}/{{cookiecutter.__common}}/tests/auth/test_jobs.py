"""What the worker does for auth."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from {{ cookiecutter.__package }}.auth import repository
from {{ cookiecutter.__package }}.auth.jobs import remove_expired

from ..accounts import Account
from ..database import Database

LONG_AGO = datetime.now(UTC) - timedelta(days=31)


def test_what_nobody_can_use_any_more_is_removed_and_the_rest_stays(
    client: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "SWEPT", 1)
    alice, bob = Account("alice"), Account("bob")
    for account in (alice, alice, bob):
        account.sign_in()
    database.execute(
        f"UPDATE sessions SET last_used_at = '{LONG_AGO:%Y-%m-%d %H:%M:%S}' WHERE user_id = "
        "(SELECT id FROM users WHERE email = 'alice@example.com')",
        f"UPDATE login_attempts SET expires_at = '{LONG_AGO:%Y-%m-%d %H:%M:%S}'",
    )

    remove_expired()

    counts = [database.rows(f"SELECT count(*) FROM {table}") for table in ("sessions", "refresh_tokens")]
    assert counts == [[(1,)], [(1,)]]
    assert database.rows("SELECT key FROM login_attempts") == []
