"""What PostgreSQL would only roll back is not committed."""

import psycopg
import pytest

from {{ cookiecutter.__package }}.core.postgres import Connection

from ..database import Database


def test_a_transaction_in_which_an_error_was_caught_can_not_be_committed(database: Database) -> None:
    with Connection.connect(database.url) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")

        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.commit()
        connection.rollback()
