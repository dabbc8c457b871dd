"""A list or a read sends as many statements for fifty rows as for one."""

import httpx2
import pytest

from {{ cookiecutter.__package }}.users.schemas import Role

from .accounts import Account
from .permissions import table
from .statements import recorded_statements
from .test_permissions import Operation, operations

MANY = 50


def reads() -> list[Operation]:
    return [operation for operation in operations() if operation.method == "get" and "/api/" in operation.path]


@pytest.fixture
def alice(client: httpx2.Client) -> httpx2.Client:
    """May see everything."""
    client.headers.update(Account("alice", Role.ADMIN).sign_in())
    return client


@pytest.mark.slow
@pytest.mark.parametrize("operation", reads(), ids=lambda operation: operation.name)
def test_as_many_for_fifty_rows_as_for_one(operation: Operation, alice: httpx2.Client) -> None:
    path = operation.path_of(alice)
    creators = [create for create in table("PATH_IDS").values() if callable(create)]

    def statements() -> list[str]:
        for create in creators:
            create(alice)
        with recorded_statements() as recorded:
            response = alice.get(path, params={"limit": 100} if operation.is_paged else {})
        assert response.status_code == 200
        return [statement for statement, _ in recorded]

    alice.get(path)
    few = statements()
    for _ in range(MANY):
        for create in creators:
            create(alice)

    assert len(statements()) == len(few)
