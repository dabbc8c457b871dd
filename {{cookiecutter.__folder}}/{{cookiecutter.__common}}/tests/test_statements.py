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
def test_as_many_for_fifty_rows_as_for_one(alice: httpx2.Client) -> None:
    paths = {operation.path_of(alice): {"limit": 100} if operation.is_paged else {} for operation in reads()}
    creators = [create for create in table("PATH_IDS").values() if callable(create)]

    def statements(path: str) -> int:
        alice.get(path, params=paths[path])  # What the first request prepares is not counted.
        with recorded_statements() as recorded:
            response = alice.get(path, params=paths[path])
        assert response.status_code == 200
        return len(recorded)

    def add(count: int) -> None:
        for create in creators * count:
            create(alice)

    add(1)
    few = {path: statements(path) for path in paths}
    add(MANY)

    assert {path: statements(path) for path in paths} == few
