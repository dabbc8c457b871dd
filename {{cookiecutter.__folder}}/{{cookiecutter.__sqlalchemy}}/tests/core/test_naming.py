"""The names of constraints. A migration can only change a constraint that has a name."""

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.schema import CreateTable

from {{ cookiecutter.__package }}.core.database import Base


def ddl(constraint: CheckConstraint) -> str:
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    return str(CreateTable(Table("products", metadata, Column("price", Integer), constraint)))


def test_a_check_is_called_after_its_table() -> None:
    assert "CONSTRAINT ck_products_not_negative CHECK" in ddl(CheckConstraint("price >= 0", name="not_negative"))


def test_a_check_without_a_name_is_refused() -> None:
    """SQLite would lose it with the next change of its table."""
    with pytest.raises(InvalidRequestError, match="requires that constraint is explicitly named"):
        ddl(CheckConstraint("price >= 0"))
